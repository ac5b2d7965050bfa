package tocsin.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.storage.LogFailure;
import tocsin.storage.bench.LogBench;

@Command(
    name = "log",
    description = {
      "Durable appends beside a plain loop of synced RocksDB writes, proofs, checking, opening,",
      "replay, room on disk and in memory."
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
      description = "How many, 10000 to 10000000 (default: ${DEFAULT-VALUE}).")
  int statements = 50_000;

  @Mixin OnDisk disk = new OnDisk();

  @Override
  ExitCode run(Session session) throws Failure {
    Failure.requireWithin("--statements", statements, 10_000, 10_000_000);
    Path on = disk.folder();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    try {
      fields.putAll(LogBench.run(on, statements, session::progress));
    } catch (IOException | LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    session.endProgress();
    session.output().one(fields, () -> Table.figures(fields));
    return ExitCode.OK;
  }
}
