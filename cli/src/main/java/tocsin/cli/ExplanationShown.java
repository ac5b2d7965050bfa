package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tocsin.proto.Explanation;
import tocsin.proto.TrustPath;
import tocsin.proto.Vouch;
import tocsin.proto.VouchView;

/// Why something is believed here, as data and for people.
final class ExplanationShown {
  private ExplanationShown() {}

  /// `tocsin.explain/v1`: ids in full; their names beside them.
  static Map<String, Object> fields(Explanation explanation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.explain/v1");
    fields.put("subject", Words.hex(explanation.getSubject()));
    fields.put("kind", explanation.getIsAlert() ? "alert" : "organization");
    fields.put("accepted", explanation.getAccepted());
    fields.put("required", explanation.getRequired());
    fields.put("found", explanation.getFound());
    fields.put(
        "paths",
        explanation.getPathsList().stream()
            .map(path -> path.getOrganizationsList().stream().map(Words::hex).toList())
            .toList());
    fields.put("obstacle", explanation.getObstacleList().stream().map(Words::hex).toList());
    fields.put("reason", explanation.getReason());
    fields.put("roles", explanation.getRolesList().stream().map(RoleText::word).toList());
    fields.put("scopes", explanation.getScopesList());
    fields.put("names", new TreeMap<>(explanation.getNamesMap()));
    fields.put("vouches", explanation.getVouchesList().stream().map(TrustList::fields).toList());
    return fields;
  }

  static String text(Explanation explanation) {
    StringBuilder text = new StringBuilder();
    String what = explanation.getIsAlert() ? "alert " : "organization ";
    text.append(what).append(named(explanation, explanation.getSubject())).append('\n');
    text.append(
        Table.fields(
            "believed", explanation.getAccepted() ? "yes" : "no",
            "paths", explanation.getFound() + " found, " + explanation.getRequired() + " needed",
            "because", Printable.line(explanation.getReason()),
            "roles",
                String.join(", ", explanation.getRolesList().stream().map(RoleText::word).toList()),
            "names",
                String.join(
                    ", ", explanation.getScopesList().stream().map(RoleText::scope).toList())));
    for (TrustPath path : explanation.getPathsList()) {
      List<String> steps =
          path.getOrganizationsList().stream().map(each -> named(explanation, each)).toList();
      text.append("  ").append(String.join(" -> ", steps)).append('\n');
    }
    if (explanation.getObstacleCount() > 0) {
      List<String> steps =
          explanation.getObstacleList().stream().map(each -> named(explanation, each)).toList();
      text.append("all paths go through ").append(String.join(", ", steps)).append('\n');
    }
    for (VouchView view : explanation.getVouchesList()) {
      text.append(vouch(explanation, view)).append('\n');
    }
    return text.toString();
  }

  private static String vouch(Explanation explanation, VouchView view) {
    Vouch vouch = view.getVouch();
    return named(explanation, view.getIssuer())
        + " vouches for "
        + named(explanation, vouch.getSubject())
        + " as "
        + String.join(" and ", vouch.getRolesList().stream().map(RoleText::word).toList())
        + " for "
        + String.join(", ", vouch.getScopesList().stream().map(RoleText::scope).toList())
        + " until "
        + Words.time(vouch.getHeader().getExpiresAtMillis())
        + (vouch.getVetting().isEmpty() ? "" : ": " + Printable.line(vouch.getVetting()));
  }

  private static String named(Explanation explanation, ByteString id) {
    String name = explanation.getNamesOrDefault(Words.hex(id), "");
    return name.isEmpty() ? Words.brief(id) : Printable.line(name);
  }
}
