package tocsin.node.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// A real unbound that lives in a [LabInternet] on port 53: a child process in the foreground, with
/// a temporary folder, free ports, no privileges to drop and nothing shared with an unbound of the
/// system. Close it to stop the process and remove the folder.
public final class UnboundProcess implements LabResolver {
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

  private static final int STARTS = 4;

  private final Path binary;
  private final String version;
  private final Settings settings;
  private final Path folder;
  private int port;
  private int controlPort;
  private volatile @Nullable Process process;

  /// A child outlives its parent unless told otherwise.
  private final Thread atExit = new Thread(this::end, "lab-unbound-exit");

  /// The unbound of this machine: on the PATH, or in the folders where daemons live.
  public static Optional<Path> find() {
    String path = System.getenv("PATH");
    Stream<String> folders =
        Stream.concat(
            path == null ? Stream.empty() : Stream.of(path.split(File.pathSeparator, -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin", "/sbin"));
    return folders
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "unbound"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts an unbound and waits until it answers.
  ///
  /// @throws IOException if none is installed, or it does not come up; the message has its last
  ///   words
  public static UnboundProcess start(Settings settings) throws IOException {
    Path binary =
        find()
            .orElseThrow(() ->
                new IOException("unbound is not installed: neither on the PATH nor in /usr/sbin"));
    // Short, since the path of a Unix socket has at most 107 bytes.
    Path folder =
        Files.createTempDirectory(
            "tocsin-unbound",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    UnboundProcess unbound = new UnboundProcess(binary, settings, folder);
    Runtime.getRuntime().addShutdownHook(unbound.atExit);
    try {
      if (settings.control() == Control.TLS) {
        ControlCertificates.write(folder);
      }
      unbound.startOnFreePorts();
      return unbound;
    } catch (IOException | RuntimeException e) {
      unbound.close();
      throw e;
    }
  }

  private UnboundProcess(Path binary, Settings settings, Path folder) {
    this.binary = binary;
    this.version = version(binary).orElse("unbound");
    this.settings = settings;
    this.folder = folder;
  }

  /// A port that is free now may be taken a moment later by somebody else: then another one.
  private void startOnFreePorts() throws IOException {
    for (int attempt = 1; ; attempt++) {
      port = freePort();
      controlPort = freePort();
      Files.writeString(folder.resolve("unbound.conf"), configuration());
      try {
        launch();
        return;
      } catch (IOException e) {
        stop();
        if (attempt == STARTS || !log().contains("Address already in use")) {
          throw e;
        }
      }
    }
  }

  private static int freePort() throws IOException {
    LabServer probe =
        new LabServer(InetAddress.ofLiteral("127.0.0.1"), 0, (query, client) -> Optional.empty());
    try (probe) {
      return probe.address().getPort();
    }
  }

  private String configuration() {
    StringBuilder conf = new StringBuilder();
    conf.append("server:\n");
    conf.append("  directory: \"").append(folder).append("\"\n");
    conf.append("  root-hints: \"").append(folder.resolve("root.hints")).append("\"\n");
    conf.append("  pidfile: \"").append(folder.resolve("unbound.pid")).append("\"\n");
    conf.append("  interface: 127.0.0.1\n");
    conf.append("  port: ").append(port).append('\n');
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
              .append(controlPort)
              .append("\n  control-use-cert: yes\n  server-key-file: \"")
              .append(folder.resolve(ControlCertificates.SERVER_KEY))
              .append("\"\n  server-cert-file: \"")
              .append(folder.resolve(ControlCertificates.SERVER))
              .append("\"\n  control-key-file: \"")
              .append(folder.resolve(ControlCertificates.CLIENT_KEY))
              .append("\"\n  control-cert-file: \"")
              .append(folder.resolve(ControlCertificates.CLIENT))
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
          "num-threads: 1",
          "outgoing-range: 256",
          "so-reuseport: no",
          "minimal-responses: yes",
          "hide-version: no");

  private void launch() throws IOException {
    Files.writeString(folder.resolve("root.hints"), settings.lab().rootHintsFile());
    Files.deleteIfExists(controlSocket());
    process =
        new ProcessBuilder(binary.toString(), "-d", "-c", folder.resolve("unbound.conf").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long deadline = System.nanoTime() + LabLimits.PROCESS_START.toNanos();
    while (!answers()) {
      if (!process.isAlive()) {
        throw new IOException("unbound ended at its start: " + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "unbound does not answer after "
                + LabLimits.PROCESS_START.toSeconds()
                + " s: "
                + lastWords());
      }
    }
  }

  /// Whether it answers the one question that needs no network, and its control channel is there.
  private boolean answers() {
    try {
      SimpleResolver resolver = new SimpleResolver(address());
      resolver.setTimeout(Duration.ofMillis(200));
      Message answer =
          resolver.send(
              Message.newQuery(
                  Record.newRecord(Name.fromConstantString("version.bind."), Type.TXT, DClass.CH)));
      boolean control = settings.control() == Control.TLS || Files.exists(controlSocket());
      return control && answer.getHeader().getID() >= 0;
    } catch (IOException e) {
      try {
        Thread.sleep(20);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
      return false;
    }
  }

  private String lastWords() {
    String log = log().strip();
    return log.isEmpty() ? "it said nothing" : log.substring(log.lastIndexOf('\n') + 1);
  }

  /// What it has logged so far.
  public String log() {
    try {
      return Files.readString(folder.resolve("log"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  /// Where it answers DNS questions.
  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  /// The Unix socket of its control channel, if that is the kind.
  @Override
  public Path controlSocket() {
    return folder.resolve("control");
  }

  /// The address of its control channel, if that is TLS.
  public InetSocketAddress controlAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), controlPort);
  }

  /// `unbound_server.pem`, which a client must compare with.
  public Path serverCertificate() {
    return folder.resolve(ControlCertificates.SERVER);
  }

  /// `unbound_control.pem`, which a client must show.
  public Path clientCertificate() {
    return folder.resolve(ControlCertificates.CLIENT);
  }

  /// `unbound_control.key`, the client's key.
  public Path clientKey() {
    return folder.resolve(ControlCertificates.CLIENT_KEY);
  }

  /// What it is, for people: "unbound 1.17.1 at 127.0.0.1:5301".
  @Override
  public String toString() {
    return version + " at 127.0.0.1:" + port;
  }

  private static Optional<String> version(Path binary) {
    try {
      Process asked = new ProcessBuilder(binary.toString(), "-V").redirectErrorStream(true).start();
      try (Stream<String> lines = asked.inputReader(StandardCharsets.ISO_8859_1).lines()) {
        return lines
            .filter(line -> line.startsWith("Version "))
            .map(line -> "unbound " + line.substring("Version ".length()).toLowerCase(Locale.ROOT))
            .findFirst();
      }
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  /// Ends the process; its folder and ports stay its own for [#restart].
  @Override
  public void stop() {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(LabLimits.PROCESS_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    process = null;
  }

  /// Stops it if it runs, and starts it on the same ports with an empty cache.
  ///
  /// @throws IOException if it does not come up
  @Override
  public void restart() throws IOException {
    stop();
    launch();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The hook is running already; doing it twice does no harm.
    }
    end();
  }

  private void end() {
    stop();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // A temporary folder that stays behind does no harm.
    }
  }
}
