package tocsin.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.storage.LogFailure;

@Command(
    name = "start",
    description = {
      "How long a node with a large log takes from `tocsin run` to `ready`: a folder is made whose",
      "log holds really signed statements of many organizations, over years, and a node is started on",
      "it several times."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench start",
      "  tocsin bench start --statements 1000000 --on /var/lib/tocsin -o json"
    })
final class BenchStart extends Action {
  @Option(
      names = "--statements",
      paramLabel = "N",
      description = "How many, 5000 to 10000000 (default: ${DEFAULT-VALUE}).")
  int statements = 100_000;

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "How often, 1 to 100 (default: ${DEFAULT-VALUE}).")
  int starts = 3;

  @Mixin OnDisk disk = new OnDisk();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--statements", statements, 5_000, 10_000_000);
    Failure.requireWithin("--starts", starts, 1, 100);
    Path on = disk.folder();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    fields.put("benchmark", "start");
    try {
      fields.putAll(StartBench.run(session, on, statements, starts));
    } catch (IOException | LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    session.endProgress();
    session.output().one(fields, () -> Table.figures(fields));
    return ExitCode.OK;
  }
}
