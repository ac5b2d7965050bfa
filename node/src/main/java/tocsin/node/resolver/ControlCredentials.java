package tocsin.node.resolver;

import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// The three PEM files of unbound-control-setup(8) that a client needs.
///
/// @param serverCertificate `unbound_server.pem`: the one certificate that unbound must show
/// @param clientCertificate `unbound_control.pem`
/// @param clientKey `unbound_control.key`, RSA or EC, PKCS#1, SEC 1 or PKCS#8, not encrypted
public record ControlCredentials(Path serverCertificate, Path clientCertificate, Path clientKey) {
  /// Reads the files.
  ///
  /// @throws IOException if a file is missing or has not what it should
  SSLContext context() throws IOException, GeneralSecurityException {
    X509Certificate server = certificate(serverCertificate);
    X509Certificate client = certificate(clientCertificate);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry("control", key(clientKey), new char[0], new X509Certificate[] {client});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), new TrustManager[] {new Pinned(server)}, null);
    return context;
  }

  private static X509Certificate certificate(Path file) throws IOException, CertificateException {
    Object content = pem(file);
    if (content instanceof X509CertificateHolder holder) {
      return new JcaX509CertificateConverter().getCertificate(holder);
    }
    throw new IOException(file + " has no certificate in PEM form");
  }

  private static PrivateKey key(Path file) throws IOException {
    Object content = pem(file);
    PrivateKeyInfo info =
        switch (content) {
          case PEMKeyPair pair -> pair.getPrivateKeyInfo();
          case PrivateKeyInfo bare -> bare;
          default -> throw new IOException(file + " has no unencrypted private key in PEM form");
        };
    return new JcaPEMKeyConverter().getPrivateKey(info);
  }

  private static Object pem(Path file) throws IOException {
    if (Files.size(file) > ResolverLimits.PEM_BYTES) {
      throw new IOException(file + " is too large for a PEM file");
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    Object content;
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      content = parser.readObject();
    } catch (IOException | RuntimeException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
    if (content == null) {
      throw new IOException(file + " is not a PEM file");
    }
    return content;
  }

  /// Trusts one certificate, by its bytes. The extended kind: for a plain one the JDK would check
  /// the host name and the algorithms of a path that does not exist here.
  private static final class Pinned extends X509ExtendedTrustManager {
    private final X509Certificate only;

    Pinned(X509Certificate only) {
      this.only = only;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      if (chain.length == 0 || !Arrays.equals(chain[0].getEncoded(), only.getEncoded())) {
        throw new CertificateException(
            "its certificate is not the one in the server-certificate file");
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this side is the client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
