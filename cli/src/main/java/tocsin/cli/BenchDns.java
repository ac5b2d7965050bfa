package tocsin.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.DnsBench;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.Screen;

@Command(
    name = "dns",
    description = {
      "The node's DNS server with many entries: transfers, and questions by dnsperf; beside a knotd",
      "with the same zones, where both are installed."
    },
    footer = {"", "Examples:", "  tocsin bench dns", "  tocsin bench dns --entries 100000 -o json"})
final class BenchDns extends Action {
  @Option(
      names = "--entries",
      paramLabel = "N",
      description = "Entries of a zone, 1000 to 500000 (default: ${DEFAULT-VALUE}).")
  int entries = 100_000;

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--entries", entries, 1_000, 500_000);
    try {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new DnsBench(new Screen(session.world().err(), false, false)).run(entries));
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
