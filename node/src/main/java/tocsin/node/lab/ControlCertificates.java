package tocsin.node.lab;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v1CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The four files that unbound-control-setup(8) makes: RSA, the server's certificate self-signed,
/// the client's signed by the server's key, no host names.
final class ControlCertificates {
  static final String SERVER = "unbound_server.pem";
  static final String SERVER_KEY = "unbound_server.key";
  static final String CLIENT = "unbound_control.pem";
  static final String CLIENT_KEY = "unbound_control.key";

  private static final X500Name SERVER_NAME = new X500Name("CN=unbound");
  private static final X500Name CLIENT_NAME = new X500Name("CN=unbound-control");

  private ControlCertificates() {}

  /// Writes them into the folder, keys readable by their owner alone.
  static void write(Path folder) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      // The files live as long as a test; unbound-control-setup takes 3,072 bits, which cost a
      // second.
      generator.initialize(2048);
      KeyPair server = generator.generateKeyPair();
      KeyPair client = generator.generateKeyPair();
      writePem(folder.resolve(SERVER), certificate(SERVER_NAME, server, server, 1));
      writePem(folder.resolve(SERVER_KEY), server.getPrivate());
      writePem(folder.resolve(CLIENT), certificate(CLIENT_NAME, client, server, 2));
      writePem(folder.resolve(CLIENT_KEY), client.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException(
          "no certificates for unbound's control channel could be made: " + e.getMessage(), e);
    }
  }

  private static X509CertificateHolder certificate(
      X500Name subject, KeyPair pair, KeyPair issuer, long serial)
      throws OperatorCreationException {
    Instant now = Instant.now();
    ContentSigner signer = new JcaContentSignerBuilder("SHA256withRSA").build(issuer.getPrivate());
    return new X509v1CertificateBuilder(
            SERVER_NAME,
            BigInteger.valueOf(serial),
            Date.from(now.minus(1, ChronoUnit.DAYS)),
            Date.from(now.plus(30, ChronoUnit.DAYS)),
            subject,
            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
        .build(signer);
  }

  private static void writePem(Path file, Object content) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(content);
    }
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text.toString());
  }
}
