package tocsin.node.resolver;

import java.io.IOException;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.jspecify.annotations.Nullable;

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
    KeyManager[] keys = {new OneKey(client, key(clientKey))};
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {new Pinned(server)}, null);
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

  /// Shows one certificate to whoever asks. A key store would encrypt the key and decrypt it again,
  /// which costs 15 ms at each connection.
  private static final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "control";

    private final X509Certificate certificate;
    private final PrivateKey key;

    OneKey(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return List.of(types).contains(key.getAlgorithm()) ? ALIAS : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
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
