package tocsin.node.transport;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import tocsin.trust.KeyId;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// How this node proves who it is and learns who its peers are: TLS 1.3, mutual, each side with a
/// self-signed certificate of its Ed25519 node key.
public final class TransportSecurity {
  /// A resumed TLS session skips the trust manager, so there must be no tickets to resume with.
  private static final String TICKETS = "jdk.tls.server.newSessionTicketCount";

  private static final String PROTOCOL = "TLSv1.3";

  /// All that TLS 1.3 has and every JDK knows.
  private static final List<String> CIPHERS =
      List.of("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256");

  /// What gRPC asks of a context.
  private static final ApplicationProtocolConfig HTTP_2 =
      new ApplicationProtocolConfig(
          ApplicationProtocolConfig.Protocol.ALPN,
          ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
          ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
          ApplicationProtocolNames.HTTP_2);

  private final KeyId nodeKey;
  private final NodeIdentity identity;
  private final Signatures signatures;

  private TransportSecurity(SigningKey key, Signatures signatures) {
    this.nodeKey = key.id();
    this.identity = new NodeIdentity(key);
    this.signatures = signatures;
  }

  /// @param key the node key: an operational key with use NODE
  /// @throws TransportFailure unless this JVM gives out no TLS session tickets
  public static TransportSecurity of(SigningKey key, Signatures signatures) {
    if (!"0".equals(System.getProperty(TICKETS))) {
      throw new TransportFailure(
          "this JVM would let peers resume TLS sessions without showing who they are: start it"
              + " with -D"
              + TICKETS
              + "=0, as the launcher does");
    }
    return new TransportSecurity(key, signatures);
  }

  /// Names the key that peers will see.
  public KeyId nodeKey() {
    return nodeKey;
  }

  SslContext forListening() {
    return context(false, Optional.empty());
  }

  /// A fresh context, so that no dial resumes the session of another.
  ///
  /// @param expected the only key to talk to; empty: any node's
  SslContext forDialling(Optional<KeyId> expected) {
    return context(true, expected);
  }

  /// By hand, where `SslContextBuilder` would do: the builder makes a key store, and its server
  /// side loads half of BouncyCastle to find out whether the JDK lets it wrap trust managers.
  private SslContext context(boolean dialling, Optional<KeyId> expected) {
    try {
      SSLContext context = SSLContext.getInstance(PROTOCOL);
      context.init(
          new KeyManager[] {identity},
          new TrustManager[] {new NodeTrust(signatures, expected)},
          null);
      return new JdkSslContext(
          context,
          dialling,
          CIPHERS,
          IdentityCipherSuiteFilter.INSTANCE,
          HTTP_2,
          ClientAuth.REQUIRE,
          new String[] {PROTOCOL},
          false);
    } catch (GeneralSecurityException e) {
      throw new TransportFailure("the JDK's TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /// The key of the peer at the other end of a session whose handshake is over.
  static KeyId peerOf(SSLSession session) {
    try {
      return NodeCertificate.acceptedKey((X509Certificate) session.getPeerCertificates()[0]).id();
    } catch (SSLPeerUnverifiedException e) {
      throw new AssertionError("both sides must show a certificate", e);
    }
  }
}
