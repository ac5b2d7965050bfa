package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.node.NodeFailure;
import tocsin.node.Withdrawal;

@Command(
    name = "clear",
    description = {
      "Take back at the resolvers what a stopped or dead node left there.",
      "",
      "Overlays, corrected name servers and negative trust anchors; for the stop hook of the",
      "node's service. Resolvers then simply resolve. The node itself must not run."
    },
    footer = {
      "",
      "In a systemd unit:  ExecStopPost=/usr/bin/tocsin resolver clear --yes --dir /var/lib/tocsin",
      "",
      "Examples:",
      "  tocsin resolver clear --yes"
    })
final class ResolverClear extends Action {
  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    if (session.nodeRuns()) {
      throw new Failure(ExitCode.FAILED, "the node runs, and would put everything back")
          .because("clear is for when it is stopped or dead")
          .tryThis(session.command("alert list"));
    }
    session.consider("Withdraw everything of this node's at its resolvers?", "yes");
    Withdrawal.Result result;
    try {
      result = Withdrawal.run(session.config());
    } catch (NodeFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
    if (!result.warning().isEmpty()) {
      session.tell("warning: " + result.warning());
    }
    List<Map<String, Object>> fields = new ArrayList<>();
    result.steps().forEach(step -> fields.add(fields(step)));
    session.output().list(fields, () -> table(result.steps()));
    boolean all = result.steps().stream().allMatch(Withdrawal.Step::ok);
    return all && result.warning().isEmpty() ? ExitCode.OK : ExitCode.PARTIAL;
  }

  private static Map<String, Object> fields(Withdrawal.Step step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.resolver-step/v1");
    fields.put("name", step.resolver());
    fields.put("step", "clear");
    fields.put("ok", step.ok());
    fields.put("millis", step.millis());
    fields.put("detail", step.detail());
    return fields;
  }

  private static String table(List<Withdrawal.Step> steps) {
    Table table = new Table("RESOLVER", "", "TOOK", "DETAIL");
    for (Withdrawal.Step step : steps) {
      table.row(
          step.resolver(),
          step.ok() ? "ok" : "FAILED",
          step.millis() + " ms",
          Printable.line(step.detail()));
    }
    return table.orElse("no resolvers");
  }
}
