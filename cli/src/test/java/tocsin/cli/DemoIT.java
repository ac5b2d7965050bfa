package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole demonstration, as a script runs it.
class DemoIT {
  private record Played(int code, String out, String err) {}

  private static Played play(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    World world =
        new World(
            Map.of(),
            new BufferedReader(new StringReader("")),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int code = Main.execute(world, words);
    return new Played(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static void expectWon(Played played, String... kinds) {
    assertThat(played.code()).as(played.err()).isZero();
    JsonNode figures = JsonMapper.shared().readTree(played.out());
    assertThat(figures.get("schema").asString()).isEqualTo("tocsin.demo/v1");
    assertThat(figures.get("ok").asBoolean()).isTrue();
    assertThat(figures.get("exposure_ms").asLong()).isBetween(0L, 60_000L);
    assertThat(figures.get("seconds").asDouble()).isPositive();
    assertThat(figures.get("steps").size()).isEqualTo(13);
    for (JsonNode step : figures.get("steps")) {
      assertThat(step.get("ok").asBoolean()).as(step.toString()).isTrue();
    }
    assertThat(figures.get("nodes").size()).isEqualTo(5);
    for (JsonNode node : figures.get("nodes")) {
      assertThat(node.get("propagation_ms").asLong()).as(node.toString()).isNotNegative();
    }
    assertThat(figures.get("resolvers").size()).isEqualTo(Math.max(3, kinds.length));
    Set<String> shown = new TreeSet<>();
    for (JsonNode resolver : figures.get("resolvers")) {
      shown.add(resolver.get("kind").asString());
      assertThat(resolver.get("verified_ms").asLong()).isNotNegative();
      assertThat(resolver.get("rogue_before").asLong()).as(resolver.toString()).isPositive();
      assertThat(resolver.get("rogue_after").asLong()).as(resolver.toString()).isZero();
      assertThat(resolver.get("right_after").asLong()).as(resolver.toString()).isPositive();
    }
    assertThat(shown).containsExactlyInAnyOrder(kinds);
    assertThat(figures.get("fake").get("refused").asBoolean()).isTrue();
    assertThat(figures.get("fake").get("reason").asString()).contains("not vetted");
    assertThat(figures.get("corrupt_member").get("state").asString()).isEqualTo("pending");
    assertThat(figures.get("corrupt_member").get("obstacle").size()).isEqualTo(1);
  }

  @Test
  void theStoryEndsWellWithEmbeddedResolversAndLeavesTheFoldersIfAsked() throws IOException {
    Played played = play("demo", "--resolvers", "embedded", "--keep", "-o", "json");
    expectWon(played, "embedded");
    Path folder = Path.of(JsonMapper.shared().readTree(played.out()).get("folder").asString());
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
      assertThat(files).filteredOn(file -> file.endsWith("tocsin.toml")).hasSize(6);
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  @Test
  void theStoryEndsWellWithRealUnbound() throws IOException {
    need(UnboundProcess.find().isPresent(), "unbound is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    need(lab.isPresent(), "port 53 of 127.0.53.1 may not be bound");
    lab.orElseThrow().close();
    expectWon(play("demo", "--resolvers", "unbound", "-o", "json"), "unbound");
  }

  @Test
  void theStoryEndsWellWithAllFourRealResolvers() throws IOException {
    need(UnboundProcess.find().isPresent(), "unbound is not installed");
    need(BindProcess.find().isPresent(), "bind9 is not installed");
    need(PowerDnsProcess.find().isPresent(), "pdns-recursor is not installed");
    need(KnotProcess.find().isPresent(), "knot-resolver is not installed");
    Optional<LabInternet> lab = LabInternet.startOnPort53();
    need(lab.isPresent(), "port 53 of 127.0.53.1 may not be bound");
    lab.orElseThrow().close();
    expectWon(
        play("demo", "--resolvers", "unbound,bind,powerdns,knot", "-o", "json"),
        "unbound",
        "bind",
        "powerdns",
        "knot");
  }

  /// Skips the test where something is missing; where `TOCSIN_REQUIRE_RESOLVERS` asks for unbound,
  /// it fails it.
  private static void need(boolean present, String missing) {
    String required = System.getenv().getOrDefault("TOCSIN_REQUIRE_RESOLVERS", "");
    if (!present && List.of(required.split("[, ]+")).contains("unbound")) {
      fail(missing + " (and TOCSIN_REQUIRE_RESOLVERS asks for unbound)");
    }
    assumeTrue(present, missing);
  }
}
