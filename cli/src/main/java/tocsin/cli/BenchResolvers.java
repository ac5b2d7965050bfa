package tocsin.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.CannotPlay;
import tocsin.cli.demo.Casting;
import tocsin.cli.demo.NotSeen;
import tocsin.cli.demo.ResolverBench;
import tocsin.cli.demo.Screen;

@Command(
    name = "resolvers",
    description = {
      "Each kind of resolver alone beside a node's DNS server and actuator: how long a new overlay",
      "needs until it is held and until it is verified, and how long a flush takes."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin bench resolvers",
      "  tocsin bench resolvers --resolvers bind,knot --rounds 200 -o json"
    })
final class BenchResolvers extends Action {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Serials for each resolver, 10 to 2000 (default: ${DEFAULT-VALUE}).")
  int rounds = 100;

  @Option(
      names = "--cached",
      paramLabel = "N",
      description = {
        "Names in each cache while flushes are measured, 0 (not measured) to 1000000",
        "(default: ${DEFAULT-VALUE})."
      })
  int cached = 200_000;

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description = "As for demo (default: auto).")
  List<String> resolvers = List.of("auto");

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Failure.requireWithin("--rounds", rounds, 10, 2_000);
    Failure.requireWithin("--cached", cached, 0, 1_000_000);
    try {
      Casting casting = Casting.of(5, "checkfree", resolvers);
      if (!casting.within().isEmpty()) {
        throw new Failure(ExitCode.FAILED, "port 53 on loopback cannot be bound by this user")
            .tryThis("as root, or --resolvers embedded");
      }
      Screen screen = new Screen(session.world().err(), false, false);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.bench/v1");
      fields.putAll(new ResolverBench(casting, screen).run(rounds, cached));
      session.output().one(fields, () -> Table.figures(fields));
      return ExitCode.OK;
    } catch (CannotPlay e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).tryThis(e.attempt());
    } catch (NotSeen | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
