package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/// A real PowerDNS Recursor that lives in a [LabInternet] on port 53, with its web server and its
/// control socket.
public final class PowerDnsProcess extends DaemonProcess {
  private static final String API_KEY = "a-secret-of-the-lab";

  private final DaemonSettings settings;
  private final String version;

  /// The pdns_recursor of this machine.
  public static Optional<Path> find() {
    return find("pdns_recursor");
  }

  /// Starts a recursor and waits until it answers.
  ///
  /// @throws IOException if none is installed, or it does not come up; the message has its last
  ///   words
  public static PowerDnsProcess start(DaemonSettings settings) throws IOException {
    PowerDnsProcess recursor = new PowerDnsProcess(settings);
    recursor.startOnFreePorts();
    return recursor;
  }

  private PowerDnsProcess(DaemonSettings settings) throws IOException {
    super("pdns", find());
    this.settings = settings;
    this.version = version(binary(), "--version", "PowerDNS Recursor ").orElse("");
  }

  @Override
  void configure() throws IOException {
    Files.writeString(folder().resolve("root.hints"), settings.lab().rootHintsFile());
    Files.writeString(folder().resolve("recursor.conf"), configuration());
    Files.writeString(folder().resolve("recursor.lua"), script());
    if (!Files.exists(forwardZonesFile())) {
      Files.createFile(forwardZonesFile());
      Files.createFile(
          apiKeyFile(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(apiKeyFile(), API_KEY + "\n");
    }
  }

  private String configuration() {
    StringBuilder conf = new StringBuilder();
    conf.append("socket-dir=").append(folder()).append('\n');
    conf.append("local-address=127.0.0.1\nlocal-port=").append(port()).append('\n');
    conf.append("hint-file=").append(folder().resolve("root.hints")).append('\n');
    conf.append("webserver=yes\nwebserver-address=127.0.0.1\nwebserver-port=")
        .append(controlPort())
        .append("\nwebserver-allow-from=127.0.0.1\napi-key=")
        .append(API_KEY)
        .append('\n');
    conf.append("forward-zones-file=").append(forwardZonesFile()).append('\n');
    conf.append("lua-config-file=").append(folder().resolve("recursor.lua")).append('\n');
    conf.append("dnssec=").append(settings.anchors().isEmpty() ? "off" : "validate").append('\n');
    OPTIONS.forEach(line -> conf.append(line).append('\n'));
    settings.extra().forEach(line -> conf.append(line).append('\n'));
    return conf.toString();
  }

  private static final List<String> OPTIONS =
      List.of(
          // The lab's name servers live on loopback, where it asks nobody by default.
          "dont-query=",
          "allow-from=127.0.0.0/8",
          "daemon=no",
          "disable-syslog=yes",
          "write-pid=no",
          "threads=1",
          "serve-rfc1918=no",
          // No questions to the real internet.
          "security-poll-suffix=",
          // A day is its default; the lie of 2008 lived for two.
          "max-cache-ttl=604800");

  private String script() {
    StringBuilder lua = new StringBuilder("clearTA('.')\n");
    for (String anchor : settings.anchors()) {
      List<String> words = List.of(anchor.split(" ", 4));
      lua.append("addTA('%s', '%s')\n".formatted(words.get(0), words.get(3)));
    }
    settings
        .primary()
        .ifPresent(primary -> {
          String tsig =
              settings
                  .tsig()
                  .map(key ->
                      ", tsigname='%s', tsigalgo='hmac-sha256', tsigsecret='%s'"
                          .formatted(key.name(), key.secret()))
                  .orElse("");
          lua.append(
              "rpzPrimary({'%s:%d'}, '%s', {refresh=1%s})\n"
                  .formatted(
                      primary.getAddress().getHostAddress(),
                      primary.getPort(),
                      settings.rpzName(),
                      tsig));
        });
    return lua.toString();
  }

  @Override
  List<String> command() {
    return List.of(binary().toString(), "--config-dir=" + folder());
  }

  @Override
  boolean isReady() {
    try (Socket api = new Socket(InetAddress.ofLiteral("127.0.0.1"), controlPort())) {
      return api.isConnected() && Alive.isThere(address());
    } catch (IOException e) {
      return false;
    }
  }

  /// Where its web server listens.
  public InetSocketAddress apiAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), controlPort());
  }

  /// The file with the key of its web server.
  public Path apiKeyFile() {
    return folder().resolve("api-key");
  }

  /// Where it reads which servers to ask for which zones.
  public Path forwardZonesFile() {
    return folder().resolve("forward");
  }

  @Override
  String described() {
    return ("PowerDNS Recursor " + version).strip();
  }

  @Override
  public String kind() {
    return "powerdns";
  }

  @Override
  public List<String> section() {
    return List.of(
        "kind = \"powerdns\"",
        "api = \"http://127.0.0.1:" + controlPort() + "\"",
        "api-key-file = \"" + apiKeyFile() + "\"");
  }
}
