package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "trust",
    description = {
      "Statements verified by each signature engine that loads here, and alerts judged in a large",
      "invented web of trust. One thread; in processor time, so that other work counts little."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench trust",
      "  tocsin bench trust --organizations 100000 --vouches 1000000 -o json"
    })
final class BenchTrust extends Action {
  /// Each alert is judged so often, and the whole web computed anew.
  private static final int ROUNDS = 100;

  @Option(
      names = "--organizations",
      paramLabel = "N",
      description = "How many, 1000 to 100000 (default: 10000).")
  int organizations = 10_000;

  @Option(
      names = "--vouches",
      paramLabel = "N",
      description = "How many, up to 1000000 (default: 100000).")
  int vouches = 100_000;

  @Override
  ExitCode run(Session session) throws Failure {
    boolean sane =
        organizations >= 1_000
            && organizations <= 100_000
            && vouches >= organizations
            && vouches <= 1_000_000;
    if (!sane) {
      throw Failure.usage(
          "--organizations is 1000 to 100000, and --vouches that many at least, 1000000 at most");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    fields.putAll(new TrustBench(organizations, vouches, ROUNDS, session::tell).run());
    session.output().one(fields, () -> shown(fields));
    return ExitCode.OK;
  }

  private static String shown(Map<String, Object> fields) {
    StringBuilder lines = new StringBuilder();
    fields.forEach((key, value) -> lines.append(key).append("  ").append(value).append('\n'));
    return lines.toString().stripTrailing();
  }
}
