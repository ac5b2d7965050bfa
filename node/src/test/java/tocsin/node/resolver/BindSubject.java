package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// A real BIND, driven by its own rndc.
record BindSubject(BindProcess bind, Resolver actuator) implements ResolverContract.Subject {
  /// The lab that a BIND needs; skips the test, with a sentence, where it cannot be.
  static LabInternet lab() throws IOException {
    Needs.need("named", BindProcess.find().isPresent(), "bind9 is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    Needs.need(
        "named",
        lab.isPresent(),
        "port 53 of 127.0.53.1 may not be bound, and BIND follows referrals to no other");
    return lab.orElseThrow();
  }

  static BindSubject start(DaemonSettings settings) throws IOException {
    BindProcess bind = BindProcess.start(settings);
    return new BindSubject(bind, driver(bind));
  }

  private static Resolver driver(BindProcess bind) {
    return new BindResolver("r1", bind.address(), new Program(bind.rndc()));
  }

  /// @param extra further lines of its configuration
  static BindSubject start(LabInternet lab, OverlayPrimary primary, String... extra)
      throws IOException {
    return start(
        DaemonSettings.of(lab, ResolverContract.RPZ.toString(), primary.address())
            .withExtra(extra));
  }

  @Override
  public InetSocketAddress address() {
    return bind.address();
  }

  @Override
  public Resolver actuatorAnew() {
    return driver(bind);
  }

  @Override
  public void stop() {
    bind.stop();
  }

  @Override
  public void startAgain() throws IOException {
    bind.restart();
  }

  @Override
  public void close() {
    bind.close();
  }
}
