package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.UnboundProcess;

/// A real unbound with a control channel of either kind.
record UnboundSubject(UnboundProcess unbound, UnboundProcess.Control kind, Resolver actuator)
    implements ResolverContract.Subject {
  /// The lab that an unbound needs; skips the test, with a sentence, where it cannot be.
  static LabInternet lab() throws IOException {
    Needs.need("unbound", UnboundProcess.find().isPresent(), "unbound is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    Needs.need(
        "unbound",
        lab.isPresent(),
        "port 53 of 127.0.53.1 may not be bound, and unbound follows referrals to no other");
    return lab.orElseThrow();
  }

  /// @param extra further lines of its configuration
  static UnboundSubject start(
      LabInternet lab, OverlayPrimary primary, UnboundProcess.Control kind, String... extra)
      throws IOException {
    UnboundProcess unbound =
        UnboundProcess.start(
            new UnboundProcess.Settings(
                lab,
                ResolverContract.RPZ.toString(),
                Optional.of(primary.address()),
                kind,
                true,
                List.of(extra)));
    return new UnboundSubject(unbound, kind, driver(unbound, kind));
  }

  private static Resolver driver(UnboundProcess unbound, UnboundProcess.Control kind) {
    return new UnboundResolver("r1", unbound.address(), control(unbound, kind));
  }

  private static UnboundControl control(UnboundProcess unbound, UnboundProcess.Control kind) {
    return switch (kind) {
      case UNIX -> new UnboundControl.UnixSocket(unbound.controlSocket());
      case TLS ->
          new UnboundControl.Tls(
              unbound.controlAddress(),
              new ControlCredentials(
                  unbound.serverCertificate(), unbound.clientCertificate(), unbound.clientKey()));
    };
  }

  @Override
  public InetSocketAddress address() {
    return unbound.address();
  }

  @Override
  public Resolver actuatorAnew() {
    return driver(unbound, kind);
  }

  @Override
  public void stop() {
    unbound.stop();
  }

  @Override
  public void startAgain() throws IOException {
    unbound.restart();
  }

  @Override
  public void close() {
    unbound.close();
  }
}
