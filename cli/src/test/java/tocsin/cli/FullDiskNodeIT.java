package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tools.jackson.databind.ObjectMapper;

/// A whole node, a process of its own, on a file system of 160 MiB in a mount namespace, which
/// somebody else fills to the last byte: what it serves by DNS goes on, nothing is acknowledged,
/// and with room alerts are taken again.
class FullDiskNodeIT {
  private static final int FILE_SYSTEM_MIB = 160;

  @TempDir private Path base;

  private int dns;
  private Path inside = Path.of("");

  /// As root, or as anybody where users may have namespaces of their own.
  private static List<String> namespace() {
    List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
    if (!System.getProperty("user.name").equals("root")) {
      command.add("--map-root-user");
    }
    return command;
  }

  private static boolean mounts(Path at) throws InterruptedException {
    List<String> command = namespace();
    command.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "none", at.toString()));
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void dnsGoesOnWhileNothingCanBeWrittenAndAlertsAreTakenWithRoom() throws Exception {
    Path mount = Files.createDirectory(base.resolve("mount"));
    assumeTrue(mounts(mount), "unshare is not installed, or may not mount here");
    try (NodeProcess founded = new NodeProcess(base, "a")) {
      dns = founded.dns;
      founded.edit("# min-free-mib = 1024", "min-free-mib = 1");
      founded.edit("override-paths = 2", "override-paths = 1");
    }
    Path errors = base.resolve("node.err");
    List<String> command = namespace();
    command.addAll(
        List.of(
            "sh",
            "-c",
            "mount -t tmpfs -o size="
                + FILE_SYSTEM_MIB
                + "m none \"$0\" && cp -a \"$1\" \"$0/n\" && shift && exec \"$@\"",
            mount.toString(),
            base.resolve("a").toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Djdk.tls.server.newSessionTicketCount=0",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            "tocsin.cli.Main",
            "run",
            "--dir",
            mount.resolve("n").toString()));
    Process node =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> Files.readString(errors).lines().anyMatch("ready"::equals));
      // The other side of the namespace, as this process sees it.
      inside = Path.of("/proc/" + node.pid() + "/root" + mount);
      fillAndRecover(node);
      assertThat(Files.readString(errors)).doesNotContain("\tat ");
    } finally {
      node.destroyForcibly().waitFor();
    }
  }

  private void fillAndRecover(Process node) throws Exception {
    Terminal terminal = terminal();
    assertThat(terminal.run("", "org", "card")).as(terminal.err()).isZero();
    String card = terminal.out().strip();
    assertThat(terminal.run("", "trust", "anchor", "add", card, "--as", "own")).isZero();
    String served = raised("www.bank.test");
    String other = raised("shop.bank.test");
    await().atMost(Duration.ofSeconds(30)).until(this::answers);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(inside.resolve("n/data/ballast")));

    fill(inside.resolve("filler-1"));
    // What stops something is taken in however little room there is; what the ballast gives is
    // filled as well.
    for (int number = 2; Files.exists(inside.resolve("n/data/ballast")) && number < 6; number++) {
      int _ = terminal().run("", "alert", "dispute", other, "--reason", "full " + number, "--yes");
      fill(inside.resolve("filler-" + number));
    }
    CompletableFuture<Integer> recall =
        CompletableFuture.supplyAsync(
            () -> terminal().run("", "alert", "recall", other, "--reason", "full", "--yes"));
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    int asked = 0;
    while (System.nanoTime() < end) {
      assertThat(answers()).as("the overlay and the lookup zone, question %d", asked++).isTrue();
      Thread.sleep(100);
    }
    Terminal late = terminal();
    assertThat(late.run("", "alert", "flush", "late.bank.test", "--yes"))
        .as("an alert while there is no room")
        .isEqualTo(ExitCode.FAILED.number());
    // Here the keys are on the same full file system: nothing is signed with a number that is not
    // written down.
    assertThat(late.err()).contains("sequence").contains("No space left on device");
    assertThat(node.isAlive()).isTrue();

    for (int number = 1; number < 6; number++) {
      Files.deleteIfExists(inside.resolve("filler-" + number));
    }
    long room = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> terminal().run("", "alert", "flush", "again.bank.test", "--yes") == 0);
    System.out.printf(
        "alerts were taken again %d ms after there was room%n",
        (System.nanoTime() - room) / 1_000_000);
    int _ = recall.join();
    Terminal verify = terminal();
    assertThat(verify.run("", "log", "verify")).as(verify.err()).isZero();
    Terminal show = terminal();
    assertThat(show.run("", "alert", "show", served, "-o", "json")).isZero();
    assertThat(show.out()).contains("\"state\" : \"active\"");
  }

  private Terminal terminal() {
    return new Terminal(Map.of("TOCSIN_DIR", inside.resolve("n").toString()));
  }

  private String raised(String name) {
    Terminal terminal = terminal();
    int code =
        terminal.run(
            "", "alert", "override", name, "--record", "A 192.0.2.10", "--yes", "-o", "json");
    assertThat(code).as(terminal.err()).isZero();
    return new ObjectMapper().readTree(terminal.out()).get("id").asString();
  }

  private boolean answers() throws IOException {
    return !ask("www.bank.test.alert.rpz.", Type.A).isEmpty()
        && !ask("www.bank.test.q.alerts.test.", Type.TXT).isEmpty();
  }

  private List<Record> ask(String name, int type) throws IOException {
    SimpleResolver resolver = new SimpleResolver("127.0.0.1");
    resolver.setPort(dns);
    resolver.setTimeout(Duration.ofSeconds(5));
    Message question = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    return resolver.send(question).getSection(Section.ANSWER);
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] zeros = new byte[4_096];
      while (true) {
        out.write(zeros);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
