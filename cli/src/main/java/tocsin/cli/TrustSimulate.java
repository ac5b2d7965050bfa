package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.proto.CompromiseReply;
import tocsin.proto.CompromiseRequest;

@Command(
    name = "simulate",
    description = {
      "What could certain organizations do together on this node, if somebody had all their keys?",
      "Nothing is sent and nothing changes; exit code 8 if they could make it accept a false"
          + " override."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin trust simulate --compromise vetting",
      "  tocsin trust simulate --compromise alpha --compromise isp-1 --name bank.test -o json"
    })
final class TrustSimulate extends Action {
  @Option(
      names = "--compromise",
      required = true,
      arity = "1..*",
      paramLabel = "ORG",
      description = "An organization whose keys are stolen: name, card or id; repeatable.")
  List<String> organizations = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "For alerts about this name (default: about any).")
  @Nullable String name;

  @Override
  ExitCode run(Session session) throws Failure {
    Organizations known = new Organizations(session);
    CompromiseRequest.Builder request = CompromiseRequest.newBuilder();
    for (String each : organizations) {
      request.addOrganizations(known.find(each).id().toString());
    }
    if (name != null) {
      request.setName(Names.parse(List.of(name)).getFirst().toString());
    }
    CompromiseReply reply = session.node().call(node -> node.compromise(request.build()));
    session.output().one(fields(reply), () -> String.join("\n", reply.getFindingsList()));
    return reply.getOverridePossible() ? ExitCode.PROBLEMS : ExitCode.OK;
  }

  private static Map<String, Object> fields(CompromiseReply reply) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.compromise/v1");
    fields.put("organizations", reply.getOrganizationsList().stream().map(Words::hex).toList());
    fields.put("paths", reply.getPaths());
    fields.put("override_required", reply.getOverrideRequired());
    fields.put("override_possible", reply.getOverridePossible());
    fields.put("flush_possible", reply.getPaths() >= reply.getFlushRequired());
    fields.put("lost_alerts", reply.getLostAlertsList().stream().map(Words::hex).toList());
    fields.put(
        "lost_organizations", reply.getLostOrganizationsList().stream().map(Words::hex).toList());
    fields.put("findings", reply.getFindingsList());
    fields.put("names", new TreeMap<>(reply.getNamesMap()));
    return fields;
  }
}
