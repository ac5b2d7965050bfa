package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tocsin.proto.Alert;
import tocsin.proto.AlertView;
import tocsin.proto.ResolverProgress;

/// An alert, as data and for people.
final class AlertShown {
  private AlertShown() {}

  static String kind(Alert alert) {
    return alert.hasFlush() ? "flush" : "override";
  }

  static String state(AlertView view) {
    return view.getState().name().toLowerCase(Locale.ROOT);
  }

  /// `tocsin.alert/v1`
  static Map<String, Object> fields(AlertView view) {
    Alert alert = view.getAlert();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.alert/v1");
    fields.put("id", Words.hex(view.getId()));
    fields.put("kind", kind(alert));
    fields.put("names", alert.getNamesList());
    fields.put("subtree", alert.getSubtree());
    fields.put("state", state(view));
    fields.put("reason", view.getReason());
    fields.put("submitter", Words.hex(view.getSubmitter()));
    fields.put("endorsers", hexes(view.getEndorsersList()));
    fields.put("disputers", hexes(view.getDisputersList()));
    fields.put("paths", paths(view));
    fields.put("severity", alert.getSeverity().name().toLowerCase(Locale.ROOT));
    fields.put("headline", alert.getHeadline());
    fields.put("evidence", alert.getEvidence());
    fields.put("exercise", alert.getExercise());
    if (alert.hasOverride()) {
      fields.put("records", ProtoText.records(alert.getOverride()));
      fields.put("nameservers", ProtoText.nameServers(alert.getOverride()));
      fields.put("rogue", ProtoText.rogue(alert.getOverride()));
      fields.put("insecure", alert.getOverride().getInsecure());
    }
    fields.put("incident", Words.hex(view.getIncident()));
    fields.put("supersedes", Words.hex(alert.getSupersedes()));
    fields.put("issued", Words.exactTime(alert.getHeader().getIssuedAtMillis()));
    fields.put("expires", Words.exactTime(alert.getHeader().getExpiresAtMillis()));
    fields.put("first_seen", Words.exactTime(view.getFirstSeenMillis()));
    fields.put("active_since", Words.exactTime(view.getActiveSinceMillis()));
    fields.put("ended_by", Words.hex(view.getEndedBy()));
    fields.put("log_index", view.getAuditOnly() ? null : view.getLogIndex());
    fields.put("resolvers", resolvers(view));
    return fields;
  }

  private static Map<String, Object> paths(AlertView view) {
    Map<String, Object> paths = new LinkedHashMap<>();
    paths.put("found", view.getPathsFound());
    paths.put("required", view.getPathsRequired());
    return paths;
  }

  private static List<Map<String, Object>> resolvers(AlertView view) {
    List<Map<String, Object>> resolvers = new ArrayList<>();
    for (ResolverProgress progress : view.getResolversList()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", progress.getResolver());
      each.put("state", progress.getState());
      each.put("millis", progress.getMillis());
      each.put("attempts", progress.getAttempts());
      each.put("detail", progress.getDetail());
      resolvers.add(each);
    }
    return resolvers;
  }

  private static List<String> hexes(List<ByteString> ids) {
    return ids.stream().map(Words::hex).toList();
  }

  /// All about one.
  static String table(AlertView view, Organizations.Names names) {
    Alert alert = view.getAlert();
    StringBuilder text = new StringBuilder();
    text.append(
        Table.fields(
            "alert", Words.hex(view.getId()),
            "kind", kind(alert) + (alert.getExercise() ? ", an exercise: enacted nowhere" : ""),
            "names", shownNames(alert) + (alert.getSubtree() ? " and all below" : ""),
            "state", state(view),
            "because", Printable.line(view.getReason()),
            "headline", Printable.line(alert.getHeadline()),
            "severity", alert.getSeverity().name().toLowerCase(Locale.ROOT),
            "submitter", names.of(view.getSubmitter()),
            "endorsers", names.of(view.getEndorsersList()),
            "disputers", names.of(view.getDisputersList()),
            "paths",
                view.getPathsRequired() == 0
                    ? ""
                    : view.getPathsFound() + " of " + view.getPathsRequired() + " needed",
            "records", String.join("; ", ProtoText.records(alert.getOverride())),
            "name servers", String.join("; ", ProtoText.nameServers(alert.getOverride())),
            "rogue", String.join(", ", ProtoText.rogue(alert.getOverride())),
            "issued", Words.time(alert.getHeader().getIssuedAtMillis()),
            "expires", Words.time(alert.getHeader().getExpiresAtMillis()),
            "incident", Words.hex(view.getIncident()),
            "ended by", Words.hex(view.getEndedBy()),
            "evidence", Printable.line(alert.getEvidence())));
    if (view.getResolversCount() > 0) {
      Table table = new Table("RESOLVER", "STATE", "AFTER", "DETAIL");
      for (ResolverProgress progress : view.getResolversList()) {
        table.row(
            progress.getResolver(),
            progress.getState(),
            progress.getMillis() + " ms",
            Printable.line(progress.getDetail()));
      }
      text.append('\n').append(table);
    }
    return text.toString();
  }

  private static String shownNames(Alert alert) {
    return String.join(", ", alert.getNamesList().stream().map(Names::shown).toList());
  }

  /// Many, one a line.
  static String table(List<AlertView> views, Organizations.Names names) {
    Table table = new Table("ALERT", "KIND", "STATE", "NAMES", "SUBMITTER", "PATHS", "EXPIRES");
    for (AlertView view : views) {
      Alert alert = view.getAlert();
      table.row(
          Words.brief(view.getId()),
          kind(alert) + (alert.getExercise() ? " (exercise)" : ""),
          state(view),
          shownNames(alert),
          names.of(view.getSubmitter()),
          view.getPathsRequired() == 0 ? "" : view.getPathsFound() + "/" + view.getPathsRequired(),
          Words.time(alert.getHeader().getExpiresAtMillis()));
    }
    return table.orElse("no alerts");
  }
}
