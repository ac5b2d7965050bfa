package tocsin.node.control;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import tocsin.node.core.AlertState;
import tocsin.node.core.Effect;
import tocsin.node.core.Effect.Answer;
import tocsin.node.core.Event;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.node.loop.NodeLoop;
import tocsin.proto.AlertView;
import tocsin.proto.ListAlertsReply;
import tocsin.proto.ListAlertsRequest;
import tocsin.proto.SubmitReply;
import tocsin.proto.SubmitRequest;
import tocsin.storage.RefusedStatement;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Statements handed in, and alerts looked at.
public final class AlertAnswers {
  private static final int USUAL_LIMIT = 1_000;

  private final NodeLoop loop;
  private final Requests requests;
  private final Envelopes envelopes;

  public AlertAnswers(NodeLoop loop, Requests requests, Envelopes envelopes) {
    this.loop = loop;
    this.requests = requests;
    this.envelopes = envelopes;
  }

  /// What an alert looks like from outside.
  public static AlertView view(Effect.Shown shown) {
    return Protos.alert(shown.standing(), shown.progress());
  }

  /// One alert, whatever became of it.
  ///
  /// @param id in full
  public Optional<AlertView> find(String id) {
    try {
      return Optional.of(loop.ask(core -> show(core, id)));
    } catch (Refusal e) {
      return Optional.empty();
    }
  }

  SubmitReply submit(SubmitRequest request) throws TimeoutException {
    Envelope envelope =
        switch (envelopes.verify(request.getEnvelope().toByteString())) {
          case EnvelopeVerdict.Valid valid -> valid.envelope();
          case EnvelopeVerdict.Malformed malformed ->
              throw Refusal.badInput("it is no statement: " + malformed.reason());
          case EnvelopeVerdict.BadSignature bad -> throw Refusal.notTrusted(bad.reason());
        };
    boolean duplicate =
        ask(number -> new Event.Submitted(number, envelope), "statement " + envelope.id());
    return SubmitReply.newBuilder()
        .setId(envelope.id().toByteString())
        .setDuplicate(duplicate)
        .build();
  }

  /// True if it was there already.
  private boolean ask(LongFunction<Event> event, String what) throws TimeoutException {
    return switch (requests.ask(event, loop::happened)) {
      case Answer.Accepted accepted -> accepted.duplicate();
      case Answer.Refused refused ->
          throw Refusal.notTrusted(what + " is refused: " + refused.reason());
      case Answer.NotFound notFound -> throw Refusal.notFound(notFound.reason());
    };
  }

  AlertView approve(String id) throws TimeoutException {
    StatementId alert = loop.ask(core -> References.alert(core.view(), id));
    ask(number -> new Event.Approved(number, alert), "the approval");
    return loop.ask(core -> show(core, alert.toString()));
  }

  ListAlertsReply list(NodeCore core, ListAlertsRequest request) {
    int limit = request.getLimit() == 0 ? USUAL_LIMIT : request.getLimit();
    Optional<DnsName> below =
        request.getName().isEmpty() ? Optional.empty() : Optional.of(name(request.getName()));
    List<AlertView> views = new ArrayList<>();
    NodeView view = core.view();
    if (request.getLiveOnly()) {
      List<IncidentBook.Standing> live = new ArrayList<>(view.incidents().live().values());
      live.sort(
          Comparator.comparingLong((IncidentBook.Standing it) -> it.entry().index()).reversed());
      for (IncidentBook.Standing standing : live) {
        boolean isLive =
            standing.state() == AlertState.ACTIVE || standing.state() == AlertState.PENDING;
        if (isLive && touches(standing.alert(), below)) {
          views.add(Protos.alert(standing, view.progress(standing.id())));
        }
      }
    } else {
      for (StatementId id : view.graph().alerts()) {
        core.standing(id)
            .filter(standing -> touches(standing.alert(), below))
            .ifPresent(standing -> views.add(Protos.alert(standing, view.progress(id))));
      }
      views.sort(Comparator.comparingLong(AlertView::getLogIndex).reversed());
      for (RefusedStatement refused : view.log().refused(limit)) {
        if (refused.envelope().statement() instanceof Statement.Alert alert
            && touches(alert, below)) {
          views.add(Protos.refusedAlert(refused, alert));
        }
      }
    }
    return ListAlertsReply.newBuilder()
        .addAllAlerts(views.subList(0, Math.min(views.size(), limit)))
        .build();
  }

  static DnsName name(String text) {
    try {
      return DnsName.of(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.badInput(String.valueOf(e.getMessage()));
    }
  }

  private static boolean touches(Statement.Alert alert, Optional<DnsName> below) {
    return below.isEmpty()
        || alert.names().stream().anyMatch(name -> name.isAtOrBelow(below.get()));
  }

  AlertView show(NodeCore core, String reference) {
    NodeView view = core.view();
    StatementId id = References.alert(view, reference);
    Optional<IncidentBook.Standing> standing = core.standing(id);
    if (standing.isPresent()) {
      return Protos.alert(standing.get(), view.progress(id));
    }
    return view.log()
        .refused(id)
        .map(refused -> {
          if (refused.envelope().statement() instanceof Statement.Alert alert) {
            return Protos.refusedAlert(refused, alert);
          }
          throw Refusal.notFound("statement " + id + " is no alert");
        })
        .orElseThrow(() -> Refusal.notFound("no alert is known here as " + id));
  }
}
