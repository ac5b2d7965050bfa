package tocsin.node.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A real Knot Resolver that lives in a [LabInternet] on port 53, with a control socket and an
/// overlay file.
public final class KnotProcess extends DaemonProcess {
  private final DaemonSettings settings;
  private final String version;

  /// The kresd of this machine.
  public static Optional<Path> find() {
    return find("kresd");
  }

  /// Starts a kresd and waits until it answers.
  ///
  /// @param settings its primary is of no use to it: it takes its overlay from [#rpzFile]
  /// @throws IOException if none is installed, or it does not come up; the message has its last
  ///   words
  public static KnotProcess start(DaemonSettings settings) throws IOException {
    KnotProcess knot = new KnotProcess(settings);
    knot.startOnFreePorts();
    return knot;
  }

  private KnotProcess(DaemonSettings settings) throws IOException {
    super("kresd", find());
    this.settings = settings;
    this.version = version(binary(), "--version", "Knot Resolver, version ").orElse("");
  }

  @Override
  void configure() throws IOException {
    Files.writeString(folder().resolve("root.hints"), settings.lab().rootHintsFile());
    Files.writeString(folder().resolve("kresd.conf"), configuration());
  }

  private String configuration() {
    StringBuilder conf = new StringBuilder();
    conf.append("net.listen('127.0.0.1', ").append(port()).append(", { kind = 'dns' })\n");
    conf.append("net.listen('").append(controlSocket()).append("', nil, { kind = 'control' })\n");
    conf.append("cache.open(32*MB, 'lmdb://").append(folder()).append("/cache')\n");
    OPTIONS.forEach(line -> conf.append(line).append('\n'));
    conf.append("hints.root_file('").append(folder()).append("/root.hints')\n");
    for (String anchor : settings.anchors()) {
      conf.append("trust_anchors.add('").append(anchor).append("')\n");
    }
    settings.extra().forEach(line -> conf.append(line).append('\n'));
    // RFC 6761 reserves test.: without this kresd itself says that nothing exists there.
    conf.append("policy.add(policy.suffix(policy.PASS, policy.todnames({'test.'})))\n");
    return conf.toString();
  }

  private static final List<String> OPTIONS =
      List.of(
          "log_level('notice')",
          "net.ipv6 = false",
          // The lab's name servers live on loopback, which it takes from no one by default.
          "option('ALLOW_LOCAL', true)",
          "modules = { 'hints > iterate', 'policy' }",
          "trust_anchors.remove('.')",
          // Six days is its default; the lie of 2008 lived for two.
          "cache.max_ttl(604800)");

  @Override
  List<String> command() {
    return List.of(
        binary().toString(),
        "-n",
        "-c",
        folder().resolve("kresd.conf").toString(),
        folder().toString());
  }

  @Override
  boolean isReady() {
    return Files.exists(controlSocket()) && Alive.isThere(address());
  }

  @Override
  public void stop() {
    super.stop();
    try {
      // It leaves it behind, and does not bind a path that is there.
      Files.deleteIfExists(controlSocket());
    } catch (IOException e) {
      // The next start says so.
    }
  }

  /// The Unix socket of its control channel.
  public Path controlSocket() {
    return folder().resolve("control");
  }

  /// Where the node writes the overlay for it.
  public Path rpzFile() {
    return folder().resolve("alert.rpz");
  }

  @Override
  String described() {
    return ("Knot Resolver " + version).strip();
  }

  @Override
  public String kind() {
    return "knot";
  }

  @Override
  public List<String> section() {
    return List.of(
        "kind = \"knot\"",
        "control = \"" + controlSocket() + "\"",
        "rpz-file = \"" + rpzFile() + "\"");
  }
}
