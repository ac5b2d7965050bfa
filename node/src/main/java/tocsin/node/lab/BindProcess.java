package tocsin.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A real BIND that lives in a [LabInternet] on port 53, with an `rndc` of its own.
public final class BindProcess extends DaemonProcess {
  private final DaemonSettings settings;
  private final String version;
  private final String controlSecret;

  /// The named of this machine.
  public static Optional<Path> find() {
    return find("named");
  }

  /// Starts a named and waits until it answers.
  ///
  /// @throws IOException if none is installed, or it does not come up; the message has its last
  ///   words
  public static BindProcess start(DaemonSettings settings) throws IOException {
    BindProcess bind = new BindProcess(settings);
    bind.startOnFreePorts();
    return bind;
  }

  private BindProcess(DaemonSettings settings) throws IOException {
    super("named", find());
    this.settings = settings;
    this.version = version(binary(), "-v", "BIND ").orElse("");
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    this.controlSecret = Base64.getEncoder().encodeToString(secret);
  }

  @Override
  void configure() throws IOException {
    Files.writeString(folder().resolve("root.hints"), settings.lab().rootHintsFile());
    Files.writeString(folder().resolve("named.conf"), configuration());
    Files.writeString(
        folder().resolve("rndc.conf"),
        controlKey()
            + "options { default-key rndc-key; default-server 127.0.0.1; default-port "
            + controlPort()
            + "; };\n");
  }

  private String controlKey() {
    return "key rndc-key { algorithm hmac-sha256; secret \"" + controlSecret + "\"; };\n";
  }

  private String configuration() {
    StringBuilder conf = new StringBuilder();
    conf.append("options {\n  directory \"").append(folder()).append("\";\n");
    conf.append("  listen-on port ").append(port()).append(" { 127.0.0.1; };\n");
    OPTIONS.stream()
        .filter(line -> !isGiven(line))
        .forEach(line -> conf.append("  ").append(line).append('\n'));
    conf.append("  dnssec-validation ")
        .append(settings.anchors().isEmpty() ? "no" : "yes")
        .append(";\n");
    settings.extra().stream()
        .filter(line -> !isClause(line))
        .forEach(line -> conf.append("  ").append(line).append('\n'));
    if (settings.primary().isPresent()) {
      conf.append("  response-policy { zone \"")
          .append(settings.rpzName())
          .append("\" min-update-interval 0; } break-dnssec yes qname-wait-recurse no;\n");
    }
    conf.append("};\n");
    if (!settings.anchors().isEmpty()) {
      conf.append("trust-anchors {\n");
      for (String anchor : settings.anchors()) {
        // "test. IN DS 1234 13 2 ABCD" in BIND's own order.
        List<String> words = List.of(anchor.split(" ", 7));
        conf.append(
            "  \"%s\" static-ds %s %s %s \"%s\";\n"
                .formatted(words.get(0), words.get(3), words.get(4), words.get(5), words.get(6)));
      }
      conf.append("};\n");
    }
    conf.append(controlKey())
        .append("controls { inet 127.0.0.1 port ")
        .append(controlPort())
        .append(" allow { 127.0.0.1; } keys { rndc-key; }; };\n");
    settings
        .tsig()
        .ifPresent(key ->
            conf.append("key \"")
                .append(key.name())
                .append("\" { algorithm hmac-sha256; secret \"")
                .append(key.secret())
                .append("\"; };\n"));
    conf.append("zone \".\" { type hint; file \"root.hints\"; };\n");
    settings.primary().ifPresent(primary -> conf.append(overlayZone(primary)));
    settings.extra().stream().filter(BindProcess::isClause).forEach(conf::append);
    return conf.toString();
  }

  /// BIND takes no option twice.
  private boolean isGiven(String option) {
    String word = option.split(" ", 2)[0] + " ";
    return settings.extra().stream().flatMap(String::lines).anyMatch(it -> it.startsWith(word));
  }

  /// Further lines that are clauses of their own stand beside the options, not in them.
  private static boolean isClause(String line) {
    return line.startsWith("zone ") || line.startsWith("key ");
  }

  private String overlayZone(InetSocketAddress primary) {
    String key = settings.tsig().map(tsig -> " key \"" + tsig.name() + "\"").orElse("");
    return "zone \"%s\" {\n  type secondary;\n  file \"overlay.db\";\n  primaries { %s port %d%s; };\n  allow-notify { 127.0.0.1; };\n};\n"
        .formatted(
            settings.rpzName(), primary.getAddress().getHostAddress(), primary.getPort(), key);
  }

  private static final List<String> OPTIONS =
      List.of(
          "pid-file none;",
          "session-keyfile none;",
          "listen-on-v6 { none; };",
          "recursion yes;",
          "allow-query { 127.0.0.0/8; };",
          "allow-recursion { 127.0.0.0/8; };",
          "empty-zones-enable no;",
          "notify no;",
          // A NOTIFY is followed at once: twenty a second, the default, wait for each other.
          "serial-query-rate 1000;",
          // Name server correction adds zones at run time.
          "allow-new-zones yes;",
          // A week is its default; the lie of 2008 lived for two days.
          "max-cache-ttl 604800;");

  @Override
  List<String> command() {
    return List.of(
        binary().toString(),
        "-g",
        "-4",
        "-n",
        "1",
        "-c",
        folder().resolve("named.conf").toString());
  }

  @Override
  boolean isReady() {
    return Alive.isThere(address()) && log().contains("running");
  }

  /// The command with which an operator would drive it.
  public List<String> rndc() {
    return List.of("rndc", "-c", folder().resolve("rndc.conf").toString());
  }

  @Override
  String described() {
    return ("BIND " + version).strip();
  }

  @Override
  public String kind() {
    return "bind";
  }

  @Override
  public List<String> section() {
    return List.of(
        "kind = \"bind\"", "rndc = [\"rndc\", \"-c\", \"" + folder().resolve("rndc.conf") + "\"]");
  }
}
