package tocsin.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.ResolverTestStep;
import tocsin.proto.TestResolversRequest;

@Command(
    name = "test",
    description = "Try each step of the way from this node's zone to the resolver's answer.",
    footer = {"", "Examples:", "  tocsin resolver test", "  tocsin resolver test u1"})
final class ResolverTest extends Action {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @Parameters(paramLabel = "RESOLVER", arity = "0..1", description = "Which (default: all).")
  @Nullable String resolver;

  @Override
  ExitCode run(Session session) throws Failure {
    return StepsShown.tell(
        session, steps(session, resolver == null ? "" : resolver), ExitCode.PROBLEMS);
  }

  /// @param resolver empty: all
  static List<ResolverTestStep> steps(Session session, String resolver) throws Failure {
    TestResolversRequest request = TestResolversRequest.newBuilder().setResolver(resolver).build();
    return session.node().call(PATIENCE, node -> node.testResolvers(request)).getStepsList();
  }
}
