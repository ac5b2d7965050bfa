package tocsin.node.dns;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where DNS is served over TLS: transfers nobody can read on their way (RFC 9103), and questions
/// (RFC 7858). TLS 1.3 only, with the protocol `dot` (ALPN): a client that offers others only is
/// turned away. One that offers none is served, since RFC 7858 asks for none.
///
/// Who may transfer is the [TransferAcl]'s business here, too: an address or a TSIG key. Client
/// certificates are not asked for.
public final class EncryptedListener {
  /// RFC 7858's token, demanded for transfers by RFC 9103 section 7.1.
  static final String PROTOCOL = "dot";

  private final InetSocketAddress listen;
  private final SslContext context;

  private EncryptedListener(InetSocketAddress listen, SslContext context) {
    this.listen = listen;
    this.context = context;
  }

  /// With this certificate. The files are read now; a new certificate needs a restart.
  ///
  /// @param certificate PEM: the server's certificate and those above it
  /// @param key PEM, PKCS#8 (`BEGIN PRIVATE KEY`), not encrypted
  /// @throws IOException with a sentence, if the files cannot be read or do not fit together
  public static EncryptedListener of(InetSocketAddress listen, Path certificate, Path key)
      throws IOException {
    for (Path file : new Path[] {certificate, key}) {
      if (!Files.isReadable(file)) {
        throw new IOException("DNS over TLS: there is no readable file " + file);
      }
    }
    try {
      return new EncryptedListener(
          listen,
          SslContextBuilder.forServer(certificate.toFile(), key.toFile())
              .sslProvider(SslProvider.JDK)
              .protocols("TLSv1.3")
              .applicationProtocolConfig(
                  new ApplicationProtocolConfig(
                      ApplicationProtocolConfig.Protocol.ALPN,
                      ApplicationProtocolConfig.SelectorFailureBehavior.FATAL_ALERT,
                      ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                      PROTOCOL))
              .build());
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "DNS over TLS: "
              + certificate
              + " and "
              + key
              + " are not a certificate and its key in PEM (PKCS#8): "
              + e.getMessage(),
          e);
    }
  }

  InetSocketAddress listen() {
    return listen;
  }

  SslContext context() {
    return context;
  }
}
