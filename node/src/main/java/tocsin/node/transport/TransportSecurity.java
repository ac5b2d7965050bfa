package tocsin.node.transport;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import tocsin.trust.KeyId;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// How this node proves who it is and learns who its peers are: TLS 1.3, mutual, each side with a
/// self-signed certificate of its Ed25519 node key.
public final class TransportSecurity {
  /// A resumed TLS session skips the trust manager, so there must be no tickets to resume with.
  private static final String TICKETS = "jdk.tls.server.newSessionTicketCount";

  private static final String PROTOCOL = "TLSv1.3";

  private final KeyId nodeKey;
  private final PrivateKey privateKey;
  private final X509Certificate certificate;
  private final Signatures signatures;

  private TransportSecurity(SigningKey key, Signatures signatures) {
    this.nodeKey = key.id();
    this.privateKey = key.toPrivateKey();
    this.certificate = NodeCertificate.of(key);
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
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forServer(privateKey, certificate), SslProvider.JDK)
          .protocols(PROTOCOL)
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(new NodeTrust(signatures, Optional.empty()))
          .build();
    } catch (SSLException e) {
      throw new TransportFailure("the JDK's TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /// A fresh context, so that no dial resumes the session of another.
  ///
  /// @param expected the only key to talk to; empty: any node's
  SslContext forDialling(Optional<KeyId> expected) {
    try {
      return GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK)
          .protocols(PROTOCOL)
          .keyManager(privateKey, certificate)
          .trustManager(new NodeTrust(signatures, expected))
          .build();
    } catch (SSLException e) {
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
