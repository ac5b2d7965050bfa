package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.ListVouchesRequest;
import tocsin.proto.Vouch;
import tocsin.proto.VouchView;

@Command(
    name = "list",
    description = "The vouches that this node knows.",
    footer = {"", "Examples:", "  tocsin trust list", "  tocsin trust list isp-1"})
final class TrustList extends Action {
  @Parameters(
      paramLabel = "ORG",
      arity = "0..1",
      description = "Only those that this organization gave or received.")
  @Nullable String organization;

  @Override
  ExitCode run(Session session) throws Failure {
    ListVouchesRequest.Builder request = ListVouchesRequest.newBuilder();
    if (organization != null) {
      request.setOrganization(new Organizations(session).find(organization).id().toString());
    }
    List<VouchView> vouches =
        session.node().call(node -> node.listVouches(request.build())).getVouchesList();
    Organizations.Names names = Organizations.namesFor(session);
    session
        .output()
        .list(vouches.stream().map(TrustList::fields).toList(), () -> table(vouches, names));
    return ExitCode.OK;
  }

  static Map<String, Object> fields(VouchView view) {
    Vouch vouch = view.getVouch();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.vouch/v1");
    fields.put("id", Words.hex(view.getId()));
    fields.put("issuer", Words.hex(view.getIssuer()));
    fields.put("subject", Words.hex(vouch.getSubject()));
    fields.put("roles", vouch.getRolesList().stream().map(RoleText::word).toList());
    fields.put("scopes", vouch.getScopesList());
    fields.put("depth", vouch.getDepth());
    fields.put("expires", Words.exactTime(vouch.getHeader().getExpiresAtMillis()));
    fields.put("vetting", vouch.getVetting());
    fields.put("state", view.getState());
    return fields;
  }

  private static String table(List<VouchView> vouches, Organizations.Names names) {
    Table table = new Table("BY", "FOR", "AS", "NAMES", "DEPTH", "EXPIRES", "STATE", "VETTED");
    for (VouchView view : vouches) {
      Vouch vouch = view.getVouch();
      table.row(
          names.of(view.getIssuer()),
          names.of(vouch.getSubject()),
          String.join(", ", vouch.getRolesList().stream().map(RoleText::word).toList()),
          String.join(", ", vouch.getScopesList().stream().map(RoleText::scope).toList()),
          Integer.toString(vouch.getDepth()),
          Words.time(vouch.getHeader().getExpiresAtMillis()),
          view.getState(),
          Printable.line(vouch.getVetting()));
    }
    return table.orElse("no vouches");
  }
}
