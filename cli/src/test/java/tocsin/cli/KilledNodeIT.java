package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tocsin.node.Resolvers;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.ResolverConfig;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.DaemonSettings;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.trust.DnsName;
import tools.jackson.databind.JsonNode;

/// A node with four real resolvers beside it is killed (SIGKILL) again and again while it commits
/// overrides: no serial ever goes back, no resolver is left behind, and each answers every override
/// that was acknowledged.
final class KilledNodeIT {
  private static final DnsName RPZ = DnsName.of("alert.rpz");

  @TempDir Path folder;

  @Test
  void threeKillsDuringCommits() throws Exception {
    killed(3, 7);
  }

  @Tag("long")
  @Test
  void twentyKillsDuringCommits() throws Exception {
    killed(20, 20);
  }

  private void killed(int rounds, int seed) throws Exception {
    assumeTrue(
        UnboundProcess.find().isPresent()
            && BindProcess.find().isPresent()
            && PowerDnsProcess.find().isPresent()
            && KnotProcess.find().isPresent(),
        "not all four resolvers are installed");
    Optional<LabInternet> maybe = LabInternet.startOnPort53();
    assumeTrue(maybe.isPresent(), "port 53 of 127.0.53.1 may not be bound");
    Map<String, LabResolver> beside = new LinkedHashMap<>();
    try (LabInternet lab = maybe.orElseThrow();
        NodeProcess node = new NodeProcess(folder, "a")) {
      try {
        start(lab, node, beside);
        for (JsonNode step : node.json("resolver", "test")) {
          assertThat(step.get("ok").asBoolean()).as("%s", step).isTrue();
        }
        try (Watch watch = new Watch(node, beside)) {
          run(node, lab, beside, rounds, new Random(seed));
          assertThat(watch.wentBack).isEmpty();
          assertThat(watch.looks.get()).isGreaterThan(10 * rounds);
        }
        node.stop();
      } finally {
        beside.values().forEach(LabResolver::close);
      }
    }
  }

  private static void start(LabInternet lab, NodeProcess node, Map<String, LabResolver> beside)
      throws IOException {
    node.edit("# slot-quota = 60", "slot-quota = 100000");
    node.edit("override-paths = 2", "override-paths = 1\nacting-budget = 1000000");
    InetSocketAddress primary = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), node.dns);
    DaemonSettings settings = DaemonSettings.of(lab, "alert.rpz.", primary);
    beside.put("u1", UnboundProcess.start(UnboundProcess.Settings.of(lab, "alert.rpz.", primary)));
    beside.put("b1", BindProcess.start(settings));
    beside.put("p1", PowerDnsProcess.start(settings));
    beside.put("k1", KnotProcess.start(settings));
    StringBuilder sections = new StringBuilder();
    beside.forEach((name, resolver) -> {
      sections.append("[[resolver]]\nname = \"").append(name).append("\"\naddress = \"127.0.0.1:");
      sections.append(resolver.address().getPort()).append("\"\n");
      resolver.section().forEach(line -> sections.append(line).append('\n'));
    });
    Files.writeString(
        node.folder.resolve("tocsin.toml"), sections.toString(), StandardOpenOption.APPEND);
    node.start();
    assertThat(node.run("trust", "anchor", "add", node.text("org", "card"), "--as", "own"))
        .isZero();
  }

  private static void run(
      NodeProcess node, LabInternet lab, Map<String, LabResolver> beside, int rounds, Random random)
      throws Exception {
    for (int round = 0; round < rounds; round++) {
      List<String> names = new CopyOnWriteArrayList<>();
      int afterMillis = 30 + random.nextInt(600);
      String domain = "r" + round + "." + lab.domain();
      Thread raising =
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                  String name = "n" + i + "." + domain;
                  if (node.acknowledged(
                          "alert", "override", name, "--record", "A 192.0.2.77", "--yes")
                      .isEmpty()) {
                    return;
                  }
                  names.add(name);
                }
              });
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !names.isEmpty() || !raising.isAlive());
      Thread.sleep(afterMillis);
      node.kill();
      raising.interrupt();
      raising.join();
      if (round % 4 == 3) {
        // And once more, while it takes up what was left.
        node.launch();
        Thread.sleep(300 + random.nextInt(1_500));
        node.kill();
      }
      node.start();
      assertThat(names).as("acknowledged before the kill of round %s", round).isNotEmpty();
      converges(node, beside, round);
      for (Map.Entry<String, LabResolver> one : beside.entrySet()) {
        try (Resolver resolver = Resolvers.of(config(node, one.getKey()))) {
          for (String name : names) {
            assertThat(resolver.probe(new Question(DnsName.of(name), Type.A)).texts())
                .as("%s at %s after round %s", name, one.getKey(), round)
                .containsExactly("192.0.2.77");
          }
        }
      }
      for (JsonNode alert : node.json("alert", "list")) {
        if (alert.get("state").asString().equals("active")) {
          assertThat(node.run("alert", "recall", alert.get("id").asString(), "--yes")).isZero();
        }
      }
    }
  }

  private static void converges(NodeProcess node, Map<String, LabResolver> beside, int round) {
    Awaitility.await("all is verified after round " + round)
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> {
          long serial = node.json("status").get("serial").asLong();
          for (JsonNode resolver : node.json("resolver", "list")) {
            assertThat(resolver.get("up").asBoolean()).as("%s", resolver).isTrue();
            assertThat(resolver.get("serial").asLong()).as("%s", resolver).isEqualTo(serial);
            assertThat(resolver.get("backlog").asInt()).as("%s", resolver).isZero();
            assertThat(resolver.get("lag_ms").asLong()).as("%s", resolver).isZero();
          }
          assertThat(node.json("resolver", "list")).hasSize(beside.size());
        });
  }

  static ResolverConfig config(NodeProcess node, String name) throws Exception {
    return ConfigFile.load(new NodeFolder(node.folder), Map.of(), Map.of())
        .config()
        .resolvers()
        .stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// Looks all the time at the serial of the node and of each resolver.
  private static final class Watch implements AutoCloseable {
    private final NodeProcess node;
    private final Map<String, Resolver> resolvers = new LinkedHashMap<>();
    private final Map<String, Long> last = new LinkedHashMap<>();
    private final List<String> wentBack = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private final AtomicInteger looks = new AtomicInteger();

    Watch(NodeProcess node, Map<String, LabResolver> beside) throws Exception {
      this.node = node;
      for (String name : beside.keySet()) {
        // Knot's is in the file that the node writes.
        if (!name.equals("k1")) {
          resolvers.put(name, Resolvers.of(config(node, name)));
        }
      }
      Path file = ((KnotProcess) Objects.requireNonNull(beside.get("k1"))).rpzFile();
      thread = Thread.ofPlatform().daemon().start(() -> look(file));
    }

    private void look(Path file) {
      while (!closed) {
        note("node", this::ofNode);
        note("k1", () -> ofFile(file));
        resolvers.forEach((name, resolver) -> note(name, () -> ofResolver(resolver)));
        looks.incrementAndGet();
        LockSupport.parkNanos(20_000_000);
      }
    }

    private interface Look {
      long serial() throws IOException, ResolverException;
    }

    private void note(String who, Look look) {
      try {
        long serial = look.serial();
        Long before = last.put(who, serial);
        if (before != null && (int) (serial - before) < 0) {
          wentBack.add(who + " from " + before + " to " + serial);
        }
      } catch (IOException | ResolverException e) {
        // The node is dead at the moment, or the zone is not there yet.
      }
    }

    private long ofNode() throws IOException {
      SimpleResolver dns = new SimpleResolver(InetAddress.ofLiteral("127.0.0.1"));
      dns.setPort(node.dns);
      dns.setTimeout(Duration.ofMillis(300));
      Message answer =
          dns.send(
              Message.newQuery(
                  Record.newRecord(Name.fromConstantString("alert.rpz."), Type.SOA, DClass.IN)));
      for (Record record : answer.getSection(Section.ANSWER)) {
        if (record instanceof SOARecord soa) {
          return soa.getSerial();
        }
      }
      throw new IOException("no SOA");
    }

    private static long ofFile(Path file) throws IOException {
      String soa = Files.readString(file).lines().findFirst().orElse("");
      String[] words = soa.split("\\s+", -1);
      if (words.length < 7) {
        throw new IOException("no SOA yet");
      }
      return Long.parseLong(words[6]);
    }

    private static long ofResolver(Resolver resolver) throws ResolverException {
      return resolver
          .heldSerial(RPZ)
          .orElseThrow(() -> new ResolverException("the zone is not loaded"));
    }

    @Override
    public void close() {
      closed = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      resolvers.values().forEach(Resolver::close);
    }
  }
}
