package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// A real Knot Resolver, driven by its control socket.
record KnotSubject(KnotProcess knot, Resolver actuator) implements ResolverContract.Subject {
  /// The lab that it needs; skips the test, with a sentence, where it cannot be.
  static LabInternet lab() throws IOException {
    Needs.need("kresd", KnotProcess.find().isPresent(), "knot-resolver is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    Needs.need(
        "kresd",
        lab.isPresent(),
        "port 53 of 127.0.53.1 may not be bound, and kresd follows referrals to no other");
    return lab.orElseThrow();
  }

  static KnotSubject start(DaemonSettings settings) throws IOException {
    KnotProcess knot = KnotProcess.start(settings);
    return new KnotSubject(knot, driver(knot));
  }

  private static Resolver driver(KnotProcess knot) {
    return new KnotResolver("r1", knot.address(), knot.controlSocket(), knot.rpzFile());
  }

  /// @param extra further lines of its configuration
  static KnotSubject start(LabInternet lab, OverlayPrimary primary, String... extra)
      throws IOException {
    KnotSubject subject =
        start(
            DaemonSettings.of(lab, ResolverContract.RPZ.toString(), primary.address())
                .withExtra(extra));
    primary.onPublished(subject.actuator()::offer);
    return subject;
  }

  @Override
  public InetSocketAddress address() {
    return knot.address();
  }

  /// It takes a file.
  @Override
  public boolean takesNotify() {
    return false;
  }

  /// A file has no zone's name.
  @Override
  public boolean knowsZonesByName() {
    return false;
  }

  @Override
  public Resolver actuatorAnew() {
    return driver(knot);
  }

  @Override
  public void stop() {
    knot.stop();
  }

  @Override
  public void startAgain() throws IOException {
    knot.restart();
  }

  @Override
  public void close() {
    knot.close();
  }
}
