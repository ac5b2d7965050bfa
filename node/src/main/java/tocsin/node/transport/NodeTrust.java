package tocsin.node.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import tocsin.trust.KeyId;
import tocsin.trust.Signatures;

/// Whom TLS lets in: whoever shows a node's certificate and holds its key, or, where one is
/// expected, that key's holder only. What the key may do is not decided here.
///
/// An *extended* trust manager, because the JDK adds checks of host names to a plain one.
final class NodeTrust extends X509ExtendedTrustManager {
  private final Signatures signatures;
  private final Optional<KeyId> expected;

  NodeTrust(Signatures signatures, Optional<KeyId> expected) {
    this.signatures = signatures;
    this.expected = expected;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    KeyId found = NodeCertificate.keyIn(chain, signatures).id();
    if (expected.isPresent() && !expected.get().equals(found)) {
      throw new CertificateException(
          "the node there has the key " + found + ", not " + expected.get());
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
