package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/// A real unbound on a free loopback port that takes `alert.rpz.` from our server, and asks it for
/// everything else.
final class Unbound implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);

  private final Process process;
  private final int port;
  private final Path configuration;
  private final Path log;
  private final Tool control;

  private Unbound(Process process, int port, Path configuration, Path log, Tool control) {
    this.process = process;
    this.port = port;
    this.configuration = configuration;
    this.log = log;
    this.control = control;
  }

  /// Starts it and waits until it answers.
  ///
  /// @param folder for its files; its path must be short enough for a socket
  static Unbound start(Path folder, InetSocketAddress primary) throws IOException {
    return start(folder, primary, "", "");
  }

  /// One that transfers by TLS.
  ///
  /// @param name the server's, that its certificate must have
  /// @param bundle certificates that are believed
  static Unbound startByTls(Path folder, InetSocketAddress primary, String name, Path bundle)
      throws IOException {
    return start(folder, primary, "#" + name, "tls-cert-bundle: \"" + bundle + "\"");
  }

  private static Unbound start(
      Path folder, InetSocketAddress primary, String authenticated, String further)
      throws IOException {
    Tool unbound = Tool.require("unbound");
    Tool control = Tool.require("unbound-control");
    int port = freePort();
    Path configuration = folder.resolve("unbound.conf");
    Path log = folder.resolve("unbound.log");
    Files.writeString(
        configuration,
        """
        server:
          directory: "%1$s"
          chroot: ""
          username: ""
          pidfile: ""
          use-syslog: no
          logfile: "%1$s/unbound.log"
          verbosity: 3
          interface: 127.0.0.1
          port: %2$d
          do-ip6: no
          num-threads: 1
          do-not-query-localhost: no
          module-config: "respip validator iterator"
          local-zone: "test." nodefault
          serve-expired: no
          %6$s
        remote-control:
          control-enable: yes
          control-interface: "%1$s/control"
          control-use-cert: no
        rpz:
          name: "alert.rpz."
          primary: %3$s@%4$d%5$s
          allow-notify: %3$s
        forward-zone:
          name: "."
          forward-addr: %3$s@%4$d
        """
            .formatted(
                folder,
                port,
                primary.getAddress().getHostAddress(),
                primary.getPort(),
                authenticated,
                further));
    Process process =
        new ProcessBuilder(unbound.path().toString(), "-d", "-p", "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("unbound.out").toFile())
            .start();
    Unbound started = new Unbound(process, port, configuration, log, control);
    try {
      await()
          .atMost(START)
          .until(() -> {
            assertThat(process.isAlive()).as("unbound lives; see %s", log).isTrue();
            return started.control("status").contains("is running");
          });
    } catch (RuntimeException | AssertionError e) {
      started.close();
      throw e;
    }
    return started;
  }

  /// A port that is free for UDP and TCP.
  static int freePort() throws IOException {
    for (int i = 1; ; i++) {
      try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
        int port = udp.getLocalPort();
        new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        return port;
      } catch (BindException e) {
        if (i == 10) {
          throw e;
        }
      }
    }
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  String control(String... command) {
    String[] all = new String[command.length + 2];
    all[0] = "-c";
    all[1] = configuration.toString();
    System.arraycopy(command, 0, all, 2, command.length);
    return control.run(all);
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it answers to "www.bank.test. A": response code and records.
  List<String> ask(String question) {
    return ask(address(), question);
  }

  /// What a resolver answers, asked up to three times.
  static List<String> ask(InetSocketAddress resolver, String question) {
    Message query = Texts.query(question);
    byte[] wire = query.toWire();
    byte[] buffer = new byte[4096];
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(resolver);
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(3));
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      for (int i = 1; ; i++) {
        try {
          socket.send(new DatagramPacket(wire, wire.length));
          socket.receive(packet);
          break;
        } catch (SocketTimeoutException e) {
          if (i == 3) {
            throw e;
          }
        }
      }
      Message answer = Texts.message(java.util.Arrays.copyOf(buffer, packet.getLength()));
      return java.util.stream.Stream.concat(
              java.util.stream.Stream.of(org.xbill.DNS.Rcode.string(answer.getRcode())),
              answer.getSection(Section.ANSWER).stream()
                  .map(each ->
                      org.xbill.DNS.Type.string(each.getType()) + " " + each.rdataToString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
