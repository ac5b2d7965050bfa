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
    name = "newcomer",
    description = {
      "How long a brand-new node takes to hold all that a node with a large log holds, and how long",
      "new alerts need to it meanwhile: from being handed in at the other node until the new one's",
      "consumer interface shows them. Two processes on this machine."
    },
    footer = {
      "",
      "Afterwards as many alerts again are raised, 600 at most, for comparison; then both logs are",
      "read, and nothing may be missing. A folder is made for both nodes, and deleted.",
      "",
      "Examples:",
      "  tocsin bench newcomer",
      "  tocsin bench newcomer --statements 1000000 --on /var/lib/tocsin -o json"
    })
final class BenchNewcomer extends Action {
  @Option(
      names = "--statements",
      paramLabel = "N",
      description =
          "How many there are to catch up with, 5000 to 10000000 (default: ${DEFAULT-VALUE}).")
  int statements = 100_000;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "New alerts a second, 1 to 50 (default: ${DEFAULT-VALUE}).")
  int rate = 10;

  @Mixin OnDisk disk = new OnDisk();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--statements", statements, 5_000, 10_000_000);
    Failure.requireWithin("--rate", rate, 1, 50);
    Path on = disk.folder();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.bench/v1");
    fields.put("benchmark", "newcomer");
    try {
      fields.putAll(NewcomerBench.run(session, on, statements, rate));
    } catch (IOException | LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    session.endProgress();
    session.output().one(fields, () -> Table.figures(fields));
    return ExitCode.OK;
  }
}
