package tocsin.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The program: what stands above every command, and the options that all of them take.
@Command(
    name = "tocsin",
    synopsisSubcommandLabel = "COMMAND",
    description = "The DNS Emergency Alert System: alerts that correct hijacked names everywhere.",
    footer = {
      "",
      "Examples:",
      "  tocsin init --organization \"Example ISP\" --name isp-1",
      "  tocsin run",
      "  tocsin alert override www.bank.test --record \"A 192.0.2.10\"",
      "  tocsin why www.bank.test",
      "",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration or halted, 4 node unreachable,",
      "  5 not trusted or refused, 6 not found, 7 partial or timed out, 8 a check found problems."
    })
final class Tocsin {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The node's folder (default: TOCSIN_DIR, else ~/.tocsin).")
  @Nullable Path dir;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      description = "table, json, yaml or ndjson (default: table).")
  Format format = Format.TABLE;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      scope = ScopeType.INHERIT,
      description = "auto, always or never (default: auto, which NO_COLOR switches off).")
  Color color = Color.AUTO;

  @Option(
      names = {"-y", "--yes"},
      scope = ScopeType.INHERIT,
      description = "Answer every question with yes.")
  boolean yes;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show stack traces of errors.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  private final World world;

  Tocsin(World world) {
    this.world = world;
  }

  enum Color {
    AUTO,
    ALWAYS,
    NEVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Session session() {
    return new Session(world, dir == null ? usual() : dir, usual(), format, yes);
  }

  private Path usual() {
    Map<String, String> environment = world.environment();
    String fromEnvironment = environment.getOrDefault("TOCSIN_DIR", "");
    return fromEnvironment.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "."), ".tocsin")
        : Path.of(fromEnvironment);
  }
}
