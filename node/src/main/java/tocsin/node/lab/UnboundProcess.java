package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A real unbound that lives in a [LabInternet] on port 53: a child process in the foreground, with
/// a temporary folder, free ports, no privileges to drop and nothing shared with an unbound of the
/// system. Close it to stop the process and remove the folder.
public final class UnboundProcess extends DaemonProcess {
  /// How its control channel is reached.
  public enum Control {
    /// A Unix domain socket, no TLS.
    UNIX,
    /// TCP with TLS and certificates made for the occasion.
    TLS
  }

  /// What to run.
  ///
  /// @param lab on port 53
  /// @param rpzZone the overlay zone, "alert.rpz."
  /// @param primary where the node serves the overlay zone; empty for an unbound without overlay
  /// @param control the kind of control channel
  /// @param validate whether it validates DNSSEC (with no trust anchor, so that negative trust
  ///   anchors can be tried but nothing is bogus)
  /// @param extra further lines of the `server:` clause
  public record Settings(
      LabInternet lab,
      String rpzZone,
      Optional<InetSocketAddress> primary,
      Control control,
      boolean validate,
      List<String> extra) {
    public Settings {
      extra = List.copyOf(extra);
      if (!lab.onPort53()) {
        throw new IllegalArgumentException(
            "unbound follows referrals to port 53 only, but this lab is on port " + lab.port());
      }
    }

    /// An iterating unbound with its overlay from this primary and a Unix socket.
    public static Settings of(LabInternet lab, String rpzZone, InetSocketAddress primary) {
      return new Settings(lab, rpzZone, Optional.of(primary), Control.UNIX, false, List.of());
    }
  }

  private final Settings settings;
  private final String version;

  /// The unbound of this machine: on the PATH, or in the folders where daemons live.
  public static Optional<Path> find() {
    return find("unbound");
  }

  /// Starts an unbound and waits until it answers.
  ///
  /// @throws IOException if none is installed, or it does not come up; the message has its last
  ///   words
  public static UnboundProcess start(Settings settings) throws IOException {
    UnboundProcess unbound = new UnboundProcess(settings);
    unbound.startOnFreePorts();
    return unbound;
  }

  private UnboundProcess(Settings settings) throws IOException {
    super("unbound", find());
    this.settings = settings;
    this.version = version(binary(), "-V", "Version ").orElse("");
  }

  @Override
  void configure() throws IOException {
    if (settings.control() == Control.TLS && !Files.exists(serverCertificate())) {
      ControlCertificates.write(folder());
    }
    Files.writeString(folder().resolve("root.hints"), settings.lab().rootHintsFile());
    Files.writeString(folder().resolve("unbound.conf"), configuration());
  }

  @Override
  List<String> command() {
    return List.of(binary().toString(), "-d", "-c", folder().resolve("unbound.conf").toString());
  }

  private String configuration() {
    StringBuilder conf = new StringBuilder();
    conf.append("server:\n");
    conf.append("  directory: \"").append(folder()).append("\"\n");
    conf.append("  root-hints: \"").append(folder().resolve("root.hints")).append("\"\n");
    conf.append("  pidfile: \"").append(folder().resolve("unbound.pid")).append("\"\n");
    conf.append("  interface: 127.0.0.1\n");
    conf.append("  port: ").append(port()).append('\n');
    for (String line : SERVER) {
      conf.append("  ").append(line).append('\n');
    }
    conf.append("  module-config: \"respip ")
        .append(settings.validate() ? "validator " : "")
        .append("iterator\"\n");
    settings.extra().forEach(line -> conf.append("  ").append(line).append('\n'));
    settings
        .primary()
        .ifPresent(primary ->
            conf.append("rpz:\n  name: ")
                .append(settings.rpzZone())
                .append("\n  primary: ")
                .append(primary.getAddress().getHostAddress())
                .append('@')
                .append(primary.getPort())
                .append('\n'));
    conf.append("remote-control:\n  control-enable: yes\n");
    switch (settings.control()) {
      case UNIX -> conf.append("  control-interface: \"").append(controlSocket()).append("\"\n");
      case TLS ->
          conf.append("  control-interface: 127.0.0.1\n  control-port: ")
              .append(controlPort())
              .append("\n  control-use-cert: yes\n  server-key-file: \"")
              .append(folder().resolve(ControlCertificates.SERVER_KEY))
              .append("\"\n  server-cert-file: \"")
              .append(folder().resolve(ControlCertificates.SERVER))
              .append("\"\n  control-key-file: \"")
              .append(folder().resolve(ControlCertificates.CLIENT_KEY))
              .append("\"\n  control-cert-file: \"")
              .append(folder().resolve(ControlCertificates.CLIENT))
              .append("\"\n");
    }
    return conf.toString();
  }

  private static final List<String> SERVER =
      List.of(
          // No user to become, no folder to be locked in, nothing outside our own folder: it runs
          // for root and for anybody.
          "username: \"\"",
          "chroot: \"\"",
          "use-syslog: no",
          "verbosity: 1",
          "do-daemonize: no",
          "do-ip6: no",
          // The lab's name servers live on loopback, where unbound asks nobody by default.
          "do-not-query-localhost: no",
          // RFC 6761 reserves test.: without this unbound itself says that nothing exists there.
          "local-zone: \"test.\" nodefault",
          "access-control: 127.0.0.0/8 allow",
          "rrset-roundrobin: yes",
          // One day is its default; the lie of 2008 lived for two.
          "cache-max-ttl: 604800",
          // Room for some 400,000 names; the default of 4 MB holds a tenth of the lab's crowd.
          "msg-cache-size: 128m",
          "rrset-cache-size: 256m",
          "num-threads: 1",
          "outgoing-range: 256",
          "so-reuseport: no",
          // As in the stanza; who is not root gets less, and a line in the log.
          "so-rcvbuf: 4m",
          "minimal-responses: yes",
          "hide-version: no");

  /// Whether it answers the one question that needs no network, and its control channel is there.
  @Override
  boolean isReady() {
    boolean control = settings.control() == Control.TLS || Files.exists(controlSocket());
    return control && Alive.isThere(address());
  }

  @Override
  String described() {
    return ("unbound " + version).strip();
  }

  @Override
  public String kind() {
    return "unbound";
  }

  @Override
  public List<String> section() {
    return switch (settings.control()) {
      case UNIX -> List.of("kind = \"unbound\"", "control = \"" + controlSocket() + "\"");
      case TLS ->
          List.of(
              "kind = \"unbound\"",
              "control = \"127.0.0.1:" + controlPort() + "\"",
              "server-certificate = \"" + serverCertificate() + "\"",
              "client-certificate = \"" + clientCertificate() + "\"",
              "client-key = \"" + clientKey() + "\"");
    };
  }

  /// The Unix socket of its control channel, if that is the kind.
  public Path controlSocket() {
    return folder().resolve("control");
  }

  /// The address of its control channel, if that is TLS.
  public InetSocketAddress controlAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), controlPort());
  }

  /// `unbound_server.pem`, which a client must compare with.
  public Path serverCertificate() {
    return folder().resolve(ControlCertificates.SERVER);
  }

  /// `unbound_control.pem`, which a client must show.
  public Path clientCertificate() {
    return folder().resolve(ControlCertificates.CLIENT);
  }

  /// `unbound_control.key`, the client's key.
  public Path clientKey() {
    return folder().resolve(ControlCertificates.CLIENT_KEY);
  }
}
