package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.proto.OrganizationView;
import tocsin.proto.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// What is said about an alert that is there already, and how it stands afterwards.
final class AlertAnswer {
  private AlertAnswer() {}

  /// Shows the alert to a person and asks.
  static void confirm(Session session, Signing signing, StatementId alert, String question)
      throws Failure {
    if (session.yes() || signing.dryRun || signing.offline != null) {
      return;
    }
    AlertView view = AlertReference.find(session, alert.toString());
    session.tell(AlertShown.table(view, new Organizations(session).names()));
    session.consider(question, alert.toString().substring(0, 4));
  }

  /// Prints the alert as it is now, with the id of what was signed.
  ///
  /// @param about an alert; where it is an endorsement, just the new id is printed
  static ExitCode tell(Session session, Waiting waiting, Signer.Said said, StatementId about)
      throws Failure {
    Optional<StatementId> id = said.id();
    String kind = said.statement().kind().word();
    Optional<AlertView> view = Optional.empty();
    ExitCode code = ExitCode.OK;
    if (said.sent()) {
      try {
        Waiting.Outcome outcome = waiting.await(session, about);
        view = Optional.of(outcome.view());
        // That a recalled alert is recalled is what was wanted.
        code = kind.equals("recall") ? ExitCode.OK : outcome.code();
      } catch (Failure e) {
        if (e.code() != ExitCode.NOT_FOUND) {
          throw e;
        }
      }
    }
    if (view.isPresent()) {
      Map<String, Object> fields = AlertShown.fields(view.get());
      fields.put(kind, id.map(Object::toString).orElse(""));
      show(session, view.get(), fields);
      session.tell(kind + " " + id.map(Object::toString).orElse(""));
      if (goesOn(said.statement(), view.get(), about)) {
        session.tell(
            "error: the recall has no effect here: only the alert's own submitter recalls it, "
                + "and an endorser its endorsement");
        return ExitCode.REFUSED;
      }
      if (said.statement() instanceof Statement.Endorsement
          || said.statement() instanceof Statement.Dispute) {
        tellStanding(session, kind);
      }
      return code;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.statement/v1");
    id.ifPresent(known -> fields.put("id", known.toString()));
    fields.put("kind", kind);
    fields.put("state", said.sent() ? "submitted" : id.isPresent() ? "signed" : "dry-run");
    fields.put("about", about.toString());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    kind,
                    id.map(Object::toString).orElse("(not signed: a dry run)"),
                    "about",
                    about.toString()));
    return code;
  }

  /// Who has no standing is told so: what he signs moves nothing.
  private static void tellStanding(Session session, String kind) throws Failure {
    String own = OwnProfile.organization(session.folder()).toString();
    for (OrganizationView view : new Organizations(session).list(own)) {
      if (!view.getRolesList().contains(Role.SUBMITTER)) {
        session.tell(
            "note: the "
                + kind
                + " does not count here: no path of vouches leads to your organization as a"
                + " submitter ("
                + session.command("trust explain " + own.substring(0, 12))
                + ")");
      }
    }
  }

  /// The alert itself was recalled, and is none the less as before.
  private static boolean goesOn(Statement statement, AlertView view, StatementId alert) {
    boolean open = view.getState() == AlertState.PENDING || view.getState() == AlertState.ACTIVE;
    return open && statement instanceof Statement.Recall it && it.statement().equals(alert);
  }

  static void show(Session session, AlertView view) throws Failure {
    show(session, view, AlertShown.fields(view));
  }

  private static void show(Session session, AlertView view, Map<String, Object> fields)
      throws Failure {
    Organizations.Names names = Organizations.namesFor(session);
    session.output().one(fields, () -> AlertShown.table(view, names));
  }
}
