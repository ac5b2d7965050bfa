package tocsin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.storage.LogFailure;
import tocsin.storage.bench.LogBench;

@Command(
    name = "log",
    description = {
      "The log: durable appends beside a plain loop of synced RocksDB writes in the same run, proofs,",
      "checking, opening, replay, room on disk and in memory."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench log",
      "  tocsin bench log --statements 1000000 --on /var/lib/tocsin -o json"
    })
final class BenchLog extends Action {
  @Option(
      names = "--statements",
      paramLabel = "N",
      description = "10000 to 10000000 (default: 50000).")
  int statements = 50_000;

  @Option(
      names = "--on",
      paramLabel = "FOLDER",
      description = "On which disk (default: the temporary folder's).")
  Path on = Path.of(System.getProperty("java.io.tmpdir"));

  @Override
  ExitCode run(Session session) throws Failure {
    if (statements < 10_000 || statements > 10_000_000) {
      throw Failure.usage("--statements is 10000 to 10000000, not " + statements);
    }
    if (!Files.isDirectory(on)) {
      throw Failure.usage("there is no folder " + on);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    try {
      fields.putAll(LogBench.run(on, statements, session::progress));
    } catch (IOException | LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    session.endProgress();
    StringBuilder lines = new StringBuilder();
    fields.forEach((key, value) -> lines.append(key).append("  ").append(value).append('\n'));
    session.output().one(fields, lines::toString);
    return ExitCode.OK;
  }
}
