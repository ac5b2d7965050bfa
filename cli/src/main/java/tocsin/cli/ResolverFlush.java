package tocsin.cli;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.FlushResolversRequest;
import tocsin.proto.ResolverTestStep;

@Command(
    name = "flush",
    description = "Flush a name and all below it at the resolvers here, at once; no alert.",
    footer = {"", "Examples:", "  tocsin resolver flush www.bank.test"})
final class ResolverFlush extends Action {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Parameters(paramLabel = "NAME", description = "The name.")
  String name = "";

  @Override
  ExitCode run(Session session) throws Failure {
    FlushResolversRequest request =
        FlushResolversRequest.newBuilder()
            .setName(Names.parse(List.of(name)).getFirst().toString())
            .build();
    List<ResolverTestStep> steps =
        session.node().call(PATIENCE, node -> node.flushResolvers(request)).getStepsList();
    return StepsShown.tell(session, steps, ExitCode.PARTIAL);
  }
}
