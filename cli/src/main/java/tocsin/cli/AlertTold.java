package tocsin.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tocsin.node.config.Durations;
import tocsin.proto.AlertView;
import tocsin.trust.CorrectRecord;
import tocsin.trust.Statement;

/// From a signed alert to what is printed of it.
final class AlertTold {
  private AlertTold() {}

  /// @param longest what the protocol allows, and the default
  static long lifeMillis(AlertFlags flags, long longest) throws Failure {
    if (flags.expires == null) {
      return longest;
    }
    Duration asked = duration(flags.expires);
    if (asked.isZero() || asked.toMillis() > longest) {
      throw Failure.usage(
          "--expires is more than 0s and at most " + Durations.show(Duration.ofMillis(longest)));
    }
    return asked.toMillis();
  }

  static Duration duration(String text) throws Failure {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// Waits if asked to, prints the alert, and beside it how to take it back.
  static ExitCode tell(Session session, Waiting waiting, Signer.Said said) throws Failure {
    if (!said.sent()) {
      tellUnsent(session, said);
      return ExitCode.OK;
    }
    Waiting.Outcome outcome = waiting.await(session, said.id().orElseThrow(), said.refusal());
    AlertView view = outcome.view();
    Map<String, Object> fields = AlertShown.fields(view);
    String recall = session.command("alert recall " + said.id().orElseThrow());
    fields.put("recall", recall);
    Organizations.Names names = Organizations.namesFor(session);
    session.output().one(fields, () -> AlertShown.table(view, names));
    tellRefusal(session, outcome);
    if (outcome.code() != ExitCode.REFUSED) {
      session.tell("to take it back: " + recall);
    }
    return outcome.code();
  }

  static void tellRefusal(Session session, Waiting.Outcome outcome) {
    if (outcome.code() == ExitCode.REFUSED) {
      session.tell(
          "error: this node refuses the alert: " + Printable.line(outcome.view().getReason()));
    }
  }

  private static void tellUnsent(Session session, Signer.Said said) {
    Statement.Alert alert = (Statement.Alert) said.statement();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.alert/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    String kind = alert.action() instanceof Statement.FlushAction ? "flush" : "override";
    fields.put("kind", kind);
    List<String> names = alert.names().stream().map(name -> name.toString()).toList();
    fields.put("names", names);
    fields.put("subtree", alert.subtree());
    fields.put("state", said.id().isPresent() ? "signed" : "dry-run");
    List<String> records = records(alert);
    fields.put("records", records);
    fields.put("exercise", alert.exercise());
    fields.put("expires", Words.exactTime(alert.header().expiresAtMillis()));
    fields.put("sequence", alert.header().sequence());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "alert", said.id().map(Object::toString).orElse("(not signed: a dry run)"),
                    "kind", kind,
                    "names", String.join(", ", names) + (alert.subtree() ? " and all below" : ""),
                    "records", String.join("; ", records),
                    "expires", Words.time(alert.header().expiresAtMillis())));
  }

  private static List<String> records(Statement.Alert alert) {
    return switch (alert.action()) {
      case Statement.OverrideAction override ->
          override.records().stream().map((CorrectRecord each) -> RecordText.show(each)).toList();
      case Statement.FlushAction _ -> List.of();
    };
  }
}
