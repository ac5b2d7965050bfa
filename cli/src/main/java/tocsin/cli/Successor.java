package tocsin.cli;

import java.util.Optional;
import java.util.function.UnaryOperator;
import tocsin.proto.AlertView;
import tocsin.trust.Header;
import tocsin.trust.Statement;
import tocsin.trust.StatementCodec;
import tocsin.trust.StatementId;
import tocsin.trust.StatementKind;

/// An alert in the place of an earlier one of the same organization. It is endorsed anew; the
/// earlier one goes on until then.
final class Successor {
  private final StatementId before;
  private final StatementId incident;
  private final Statement.Alert alert;

  private Successor(StatementId before, StatementId incident, Statement.Alert alert) {
    this.before = before;
    this.incident = incident;
    this.alert = alert;
  }

  /// @throws Failure if there is no such override, or it is another organization's
  static Successor of(Session session, String id) throws Failure {
    AlertView view = AlertReference.find(session, id);
    StatementCodec.Parsed parsed =
        StatementCodec.parse(StatementKind.ALERT, view.getAlert().toByteString());
    if (!(parsed instanceof StatementCodec.Parsed.Good good)
        || !(good.statement() instanceof Statement.Alert alert)) {
      throw new Failure(ExitCode.FAILED, "the node knows that alert by its outlines only");
    }
    if (!(alert.action() instanceof Statement.OverrideAction)) {
      throw Failure.usage("a flush is done once; it cannot be renewed or updated")
          .tryThis(session.command("alert flush " + alert.names().getFirst()));
    }
    if (!alert.header().issuer().equals(Optional.of(OwnProfile.organization(session.folder())))) {
      throw new Failure(ExitCode.REFUSED, "only its submitter can do that to an alert")
          .tryThis(session.command("alert dispute " + id));
    }
    return new Successor(
        StatementId.fromBytes(view.getId()),
        StatementId.fromBytes(view.getIncident().isEmpty() ? view.getId() : view.getIncident()),
        alert);
  }

  Statement.Alert alert() {
    return alert;
  }

  Statement.OverrideAction action() {
    return (Statement.OverrideAction) alert.action();
  }

  /// Signs it and tells how it stands.
  ///
  /// @param changed what differs, but for header, incident and predecessor
  ExitCode say(Session session, AlertFlags flags, UnaryOperator<Statement.Alert> changed)
      throws Failure, InterruptedException {
    long life = AlertTold.lifeMillis(flags, Statement.Alert.MAX_OVERRIDE_MILLIS);
    flags.waiting.check();
    if (!flags.signing.dryRun && flags.signing.offline == null) {
      session.consider(
          "It takes the place of "
              + before
              + " once it has been endorsed anew; that one goes on until then.",
          "replace");
    }
    Signer.Said said =
        new Signer(session, flags.signing, "operations")
            .say(life, header -> with(header, changed.apply(alert)));
    return AlertTold.tell(session, flags.waiting, said);
  }

  private Statement with(Header header, Statement.Alert it) {
    return new Statement.Alert(
        header,
        it.names(),
        it.subtree(),
        it.action(),
        Optional.of(incident),
        Optional.of(before),
        it.severity(),
        it.headline(),
        it.evidence(),
        it.exercise());
  }
}
