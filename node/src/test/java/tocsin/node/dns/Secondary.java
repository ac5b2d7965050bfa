package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A real daemon that takes `alert.rpz.` from our server and answers for it: any of the
/// authoritative servers as a secondary, or a recursor as a policy zone.
final class Secondary implements AutoCloseable {
  /// The secret of the key `node-key`, hmac-sha256.
  static final String SECRET = "dGhpcnR5LXR3byBieXRlcyBvZiBhIHNlY3JldC4uLi4=";

  /// What can be told apart. `unbound` knows no TSIG.
  enum Kind {
    NAMED,
    NSD,
    KNOTD,
    UNBOUND,
    PDNS_RECURSOR;

    /// The recursor's answers are those of the policy, at the names without the zone's.
    boolean isPolicy() {
      return this == PDNS_RECURSOR;
    }
  }

  private final Kind kind;
  private final Path folder;
  private final Process process;
  private final InetSocketAddress address;

  private Secondary(Kind kind, Path folder, Process process, InetSocketAddress address) {
    this.kind = kind;
    this.folder = folder;
    this.process = process;
    this.address = address;
  }

  /// Starts one on a free port.
  ///
  /// @param signed whether it signs its requests, and demands a signed NOTIFY
  /// @param tlsCertificate XoT: the primary's certificate; null: plain TCP
  static Secondary start(
      Kind kind,
      Path folder,
      InetSocketAddress primary,
      boolean signed,
      @Nullable Path tlsCertificate)
      throws IOException {
    Tool tool = Tool.require(kind.name().toLowerCase(java.util.Locale.ROOT));
    int port = Unbound.freePort();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    String ours = String.valueOf(primary.getPort());
    Path file = folder.resolve("configuration");
    List<String> command =
        switch (kind) {
          case NAMED -> {
            Files.writeString(file, named(folder, port, ours, signed, tlsCertificate != null));
            yield List.of(tool.path().toString(), "-g", "-n", "1", "-c", file.toString());
          }
          case NSD -> {
            Files.writeString(file, nsd(folder, port, ours, signed));
            yield List.of(tool.path().toString(), "-d", "-c", file.toString());
          }
          case KNOTD -> {
            Files.writeString(file, knotd(folder, port, ours, signed));
            yield List.of(tool.path().toString(), "-c", file.toString());
          }
          case UNBOUND -> {
            Files.writeString(file, unbound(folder, port, ours, tlsCertificate));
            yield List.of(tool.path().toString(), "-d", "-p", "-c", file.toString());
          }
          case PDNS_RECURSOR -> {
            Files.writeString(folder.resolve("recursor.conf"), recursor(folder, port, ours));
            Files.writeString(folder.resolve("rpz.lua"), policy(ours, signed));
            yield List.of(tool.path().toString(), "--config-dir=" + folder);
          }
        };
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    return new Secondary(kind, folder, process, address);
  }

  private static String named(
      Path folder, int port, String primary, boolean signed, boolean encrypted) {
    return """
    options {
      directory "%1$s";
      pid-file none;
      session-keyfile none;
      listen-on port %2$d { 127.0.0.1; };
      listen-on-v6 { none; };
      recursion no;
      dnssec-validation no;
      empty-zones-enable no;
      min-refresh-time 1;
      max-ixfr-ratio unlimited;
    };
    controls { };
    key "node-key" { algorithm hmac-sha256; secret "%4$s"; };
    zone "alert.rpz" {
      type secondary;
      file "alert.rpz.db";
      primaries { 127.0.0.1 port %3$s %5$s %7$s; };
      allow-notify { %6$s; };
      allow-transfer { any; };
    };
    """
        .formatted(
            folder,
            port,
            primary,
            SECRET,
            signed ? "key node-key" : "",
            signed ? "key node-key" : "127.0.0.1",
            encrypted ? "tls ephemeral" : "");
  }

  private static String nsd(Path folder, int port, String primary, boolean signed) {
    return """
    server:
      ip-address: 127.0.0.1@%2$d
      username: ""
      chroot: ""
      zonesdir: "%1$s"
      database: ""
      zonelistfile: "%1$s/zones"
      xfrdfile: "%1$s/xfrd.state"
      xfrdir: "%1$s"
      pidfile: "%1$s/pid"
      server-count: 1
      verbosity: 3
    remote-control:
      control-enable: no
    key:
      name: "node-key"
      algorithm: hmac-sha256
      secret: "%4$s"
    zone:
      name: "alert.rpz"
      zonefile: "alert.rpz.db"
      request-xfr: 127.0.0.1@%3$s %5$s
      allow-notify: 127.0.0.1 %5$s
      provide-xfr: 127.0.0.1 NOKEY
    """
        .formatted(folder, port, primary, SECRET, signed ? "node-key" : "NOKEY");
  }

  private static String knotd(Path folder, int port, String primary, boolean signed) {
    return """
    server:
        listen: 127.0.0.1@%2$d
        rundir: "%1$s"
        tcp-workers: 1
        udp-workers: 1
        background-workers: 1
    database:
        storage: "%1$s"
    log:
      - target: stderr
        any: info
    key:
      - id: node-key
        algorithm: hmac-sha256
        secret: %4$s
    remote:
      - id: primary
        address: 127.0.0.1@%3$s
        %5$s
    acl:
      - id: told
        address: 127.0.0.1
        action: notify
        %5$s
      - id: asked
        address: 127.0.0.1
        action: transfer
    zone:
      - domain: alert.rpz
        storage: "%1$s"
        master: primary
        acl: [told, asked]
    """
        .formatted(folder, port, primary, SECRET, signed ? "key: node-key" : "");
  }

  private static String unbound(Path folder, int port, String primary, @Nullable Path certificate) {
    return """
    server:
      directory: "%1$s"
      chroot: ""
      username: ""
      pidfile: ""
      use-syslog: no
      verbosity: 3
      interface: 127.0.0.1
      port: %2$d
      do-ip6: no
      num-threads: 1
      do-not-query-localhost: no
      module-config: "iterator"
      %4$s
    remote-control:
      control-enable: no
    auth-zone:
      name: "alert.rpz."
      primary: 127.0.0.1@%3$s
      allow-notify: 127.0.0.1
      for-downstream: yes
      for-upstream: no
    """
        .formatted(
            folder,
            port,
            primary + (certificate == null ? "" : "#node.test"),
            certificate == null ? "" : "tls-cert-bundle: \"" + certificate + "\"");
  }

  private static String recursor(Path folder, int port, String primary) {
    return """
    daemon=no
    local-address=127.0.0.1
    local-port=%2$d
    socket-dir=%1$s
    lua-config-file=%1$s/rpz.lua
    dnssec=off
    forward-zones-recurse=.=127.0.0.1:%3$s
    packetcache-ttl=1
    threads=1
    """
        .formatted(folder, port, primary);
  }

  private static String policy(String primary, boolean signed) {
    return """
    rpzPrimary("127.0.0.1:%s", "alert.rpz.", {refresh=1%s})
    """
        .formatted(
            primary,
            signed
                ? ", tsigname=\"node-key\", tsigalgo=\"hmac-sha256\", tsigsecret=\"" + SECRET + "\""
                : "");
  }

  InetSocketAddress address() {
    return address;
  }

  Path folder() {
    return folder;
  }

  String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it answers to "www.bank.test" in the zone, or by the policy; empty while it does not
  /// answer.
  List<String> ask(String relative, String type) {
    assertThat(process.isAlive()).as(log()).isTrue();
    String name = relative + (kind.isPolicy() ? ". " : ".alert.rpz. ");
    try {
      return Unbound.ask(address, name + type);
    } catch (UncheckedIOException e) {
      return List.of();
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
