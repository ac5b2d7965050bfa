package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tocsin.proto.ResolverTestStep;

/// What was tried at resolvers, step by step.
final class StepsShown {
  private StepsShown() {}

  /// @return PROBLEMS if a step failed
  static ExitCode tell(Session session, List<ResolverTestStep> steps, ExitCode otherwise) {
    session.output().list(steps.stream().map(StepsShown::fields).toList(), () -> table(steps));
    return steps.stream().allMatch(ResolverTestStep::getOk) ? ExitCode.OK : otherwise;
  }

  private static Map<String, Object> fields(ResolverTestStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.resolver-step/v1");
    fields.put("name", step.getResolver());
    fields.put("step", step.getStep());
    fields.put("ok", step.getOk());
    fields.put("millis", step.getMillis());
    fields.put("detail", step.getDetail());
    return fields;
  }

  private static String table(List<ResolverTestStep> steps) {
    Table table = new Table("RESOLVER", "STEP", "", "TOOK", "DETAIL");
    for (ResolverTestStep step : steps) {
      table.row(
          step.getResolver(),
          step.getStep(),
          step.getOk() ? "ok" : "FAILED",
          step.getMillis() + " ms",
          Printable.line(step.getDetail()));
    }
    return table.orElse("no resolvers");
  }
}
