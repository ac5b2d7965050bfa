package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.PowerDnsProcess;

/// A real PowerDNS Recursor, driven by its web interface.
record PowerDnsSubject(PowerDnsProcess recursor, Resolver actuator)
    implements ResolverContract.Subject {
  /// The lab that it needs; skips the test, with a sentence, where it cannot be.
  static LabInternet lab() throws IOException {
    Needs.need(
        "pdns_recursor", PowerDnsProcess.find().isPresent(), "pdns-recursor is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    Needs.need(
        "pdns_recursor",
        lab.isPresent(),
        "port 53 of 127.0.53.1 may not be bound, and PowerDNS follows referrals to no other");
    return lab.orElseThrow();
  }

  static PowerDnsSubject start(DaemonSettings settings) throws IOException {
    PowerDnsProcess recursor = PowerDnsProcess.start(settings);
    return new PowerDnsSubject(recursor, driver(recursor, recursor.apiKeyFile()));
  }

  static Resolver driver(PowerDnsProcess recursor, Path key) {
    return new PowerDnsResolver(
        "r1",
        recursor.address(),
        URI.create("http://127.0.0.1:" + recursor.apiAddress().getPort()),
        key,
        Optional.empty());
  }

  /// @param extra further lines of its configuration
  static PowerDnsSubject start(LabInternet lab, OverlayPrimary primary, String... extra)
      throws IOException {
    return start(
        DaemonSettings.of(lab, ResolverContract.RPZ.toString(), primary.address())
            .withExtra(extra));
  }

  @Override
  public InetSocketAddress address() {
    return recursor.address();
  }

  /// It polls (4.8).
  @Override
  public boolean takesNotify() {
    return false;
  }

  @Override
  public Resolver actuatorAnew() {
    return driver(recursor, recursor.apiKeyFile());
  }

  @Override
  public void stop() {
    recursor.stop();
  }

  @Override
  public void startAgain() throws IOException {
    recursor.restart();
  }

  @Override
  public void close() {
    recursor.close();
  }
}
