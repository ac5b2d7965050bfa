package tocsin.node.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import tocsin.node.core.AlertState;
import tocsin.node.core.Effect.Answer;
import tocsin.node.core.Event;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.node.loop.NodeLoop;
import tocsin.proto.AddAnchorRequest;
import tocsin.proto.AnchorView;
import tocsin.proto.Explanation;
import tocsin.proto.ListAnchorsReply;
import tocsin.proto.ListOrganizationsReply;
import tocsin.proto.ListVouchesReply;
import tocsin.proto.OrganizationView;
import tocsin.proto.RemoveAnchorRequest;
import tocsin.proto.VouchView;
import tocsin.storage.LogEntry;
import tocsin.trust.Card;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Anchors, organizations, vouches, and why somebody is believed or not.
public final class TrustAnswers {
  private final NodeLoop loop;
  private final Requests requests;
  private final Envelopes envelopes;

  public TrustAnswers(NodeLoop loop, Requests requests, Envelopes envelopes) {
    this.loop = loop;
    this.requests = requests;
    this.envelopes = envelopes;
  }

  ListAnchorsReply anchors(NodeCore core) {
    ListAnchorsReply.Builder reply = ListAnchorsReply.newBuilder();
    core.view().anchors().keySet().forEach(it -> reply.addAnchors(anchor(core, it)));
    return reply.build();
  }

  private static AnchorView anchor(NodeCore core, OrganizationId organization) {
    NodeView view = core.view();
    return AnchorView.newBuilder()
        .setOrganization(organization.toByteString())
        .setName(view.anchors().getOrDefault(organization, ""))
        .setLegalName(
            view.graph().profile(organization).map(Statement.Profile::legalName).orElse(""))
        .build();
  }

  AnchorView addAnchor(AddAnchorRequest request) throws TimeoutException {
    String text = request.getOrganization();
    OrganizationId organization;
    List<Envelope> profile;
    if (Card.isCard(text)) {
      Card card =
          switch (Card.parse(text, envelopes)) {
            case Card.Parsed.Good good -> good.card();
            case Card.Parsed.Bad bad -> throw Refusal.badInput("it is no card: " + bad.reason());
          };
      organization = card.organization();
      profile = card.profiles();
    } else {
      organization = loop.ask(core -> References.organization(core.view(), text));
      profile = List.of();
    }
    String name =
        request.getName().isBlank() ? legalName(organization, profile) : request.getName();
    if (name.isBlank() || name.length() > 64) {
      throw Refusal.badInput("an anchor's name has 1 to 64 characters: say it with --as NAME");
    }
    answer(
        requests.ask(
            number -> new Event.AnchorAdded(number, organization, name, profile), loop::happened));
    return loop.ask(core -> anchor(core, organization));
  }

  /// The pet name, where the operator gives none.
  private String legalName(OrganizationId organization, List<Envelope> profile) {
    if (!profile.isEmpty() && profile.getLast().statement() instanceof Statement.Profile latest) {
      return latest.legalName();
    }
    return loop.ask(core ->
        core.view().graph().profile(organization).map(Statement.Profile::legalName).orElse(""));
  }

  AnchorView removeAnchor(RemoveAnchorRequest request) throws TimeoutException {
    AnchorView before =
        loop.ask(
            core -> anchor(core, References.organization(core.view(), request.getOrganization())));
    OrganizationId organization = OrganizationId.fromBytes(before.getOrganization());
    answer(requests.ask(number -> new Event.AnchorRemoved(number, organization), loop::happened));
    return before;
  }

  private static void answer(Answer answer) {
    switch (answer) {
      case Answer.Accepted _ -> {}
      case Answer.Refused refused -> throw Refusal.notTrusted(refused.reason());
      case Answer.NotFound notFound -> throw Refusal.notFound(notFound.reason());
    }
  }

  ListOrganizationsReply organizations(NodeCore core, String reference) {
    ListOrganizationsReply.Builder reply = ListOrganizationsReply.newBuilder();
    if (reference.isEmpty()) {
      for (OrganizationId organization : core.view().graph().organizations()) {
        reply.addOrganizations(organization(core, organization));
      }
    } else {
      reply.addOrganizations(organization(core, References.organization(core.view(), reference)));
    }
    return reply.build();
  }

  private static OrganizationView organization(NodeCore core, OrganizationId organization) {
    NodeView view = core.view();
    var explanation = core.judge().explain(organization, core.nowMillis());
    OrganizationView.Builder builder =
        OrganizationView.newBuilder()
            .setOrganization(organization.toByteString())
            .setPetName(view.anchors().getOrDefault(organization, ""))
            .setAnchor(explanation.anchor())
            .setOwn(organization.equals(view.config().self()))
            .addAllRoles(explanation.roles().stream().map(TrustAnswers::role).toList())
            .addAllScopes(Protos.names(explanation.scopes()))
            .setReachable(explanation.hasStanding());
    List<Envelope> profiles = new ArrayList<>();
    for (StatementId id : view.graph().profileIds(organization)) {
      view.log().get(id).map(LogEntry::envelope).ifPresent(profiles::add);
    }
    if (!profiles.isEmpty()) {
      builder.setProfile(Protos.profile(profiles.getLast())).setCard(new Card(profiles).text());
    }
    return builder.build();
  }

  private static tocsin.proto.Role role(Role role) {
    return switch (role) {
      case VETTER -> tocsin.proto.Role.VETTER;
      case SUBMITTER -> tocsin.proto.Role.SUBMITTER;
    };
  }

  ListVouchesReply vouches(NodeCore core, String reference) {
    NodeView view = core.view();
    Optional<OrganizationId> about =
        reference.isEmpty()
            ? Optional.empty()
            : Optional.of(References.organization(view, reference));
    ListVouchesReply.Builder reply = ListVouchesReply.newBuilder();
    for (OrganizationId issuer : view.graph().organizations()) {
      for (var vouch : view.graph().vouches(issuer, core.nowMillis())) {
        boolean concerns =
            about.isEmpty() || about.get().equals(issuer) || about.get().equals(vouch.subject());
        Optional<LogEntry> entry = view.log().get(vouch.id());
        if (concerns && entry.isPresent()) {
          reply.addVouches(
              VouchView.newBuilder()
                  .setId(vouch.id().toByteString())
                  .setIssuer(issuer.toByteString())
                  .setVouch(Protos.vouch(entry.get().envelope()))
                  .setState(vouch.state()));
        }
      }
    }
    return reply.build();
  }

  Explanation explain(NodeCore core, String subject) {
    NodeView view = core.view();
    Optional<OrganizationId> organization = References.findOrganization(view, subject);
    if (organization.isPresent()) {
      return explainOrganization(core, organization.get());
    }
    StatementId alert;
    try {
      alert = References.alert(view, subject);
    } catch (Refusal _) {
      throw Refusal.notFound(
          "neither an organization nor an alert is known here as " + References.shown(subject));
    }
    return core.standing(alert)
        .map(standing -> explainAlert(view, standing))
        .orElseGet(() ->
            view.log()
                .refused(alert)
                .map(refused ->
                    Explanation.newBuilder()
                        .setSubject(alert.toByteString())
                        .setIsAlert(true)
                        .setReason(refused.reason())
                        .build())
                .orElseThrow(() -> Refusal.notFound("no alert is known here as " + alert)));
  }

  static Explanation explainAlert(NodeView view, IncidentBook.Standing standing) {
    var judgement = standing.judgement();
    Explanation.Builder builder =
        Explanation.newBuilder()
            .setSubject(standing.id().toByteString())
            .setIsAlert(true)
            .setAccepted(
                judgement.isActive()
                    || standing.state() == AlertState.ACTIVE
                    || standing.state() == AlertState.RESOLVED)
            .setRequired(judgement.required())
            .setFound(judgement.found())
            .addAllPaths(Protos.paths(judgement.paths()))
            .addAllObstacle(Protos.ids(judgement.obstacle()))
            .setReason(standing.reason());
    name(view, builder, judgement.paths(), judgement.obstacle());
    return builder.build();
  }

  private static Explanation explainOrganization(NodeCore core, OrganizationId organization) {
    var explanation = core.judge().explain(organization, core.nowMillis());
    String reason =
        explanation.anchor()
            ? "this node's administrator chose it as an anchor"
            : explanation.revoked()
                ? "it has been revoked"
                : explanation.hasStanding()
                    ? explanation.paths().size() + " disjoint paths of vouches lead to it"
                    : "no path of vouches leads from an anchor to it";
    Explanation.Builder builder =
        Explanation.newBuilder()
            .setSubject(organization.toByteString())
            .setAccepted(explanation.hasStanding())
            .setRequired(1)
            .setFound(explanation.paths().size())
            .addAllPaths(Protos.paths(explanation.paths()))
            .addAllObstacle(Protos.ids(explanation.obstacle()))
            .addAllRoles(explanation.roles().stream().map(TrustAnswers::role).toList())
            .addAllScopes(Protos.names(explanation.scopes()))
            .setReason(reason);
    name(core.view(), builder, explanation.paths(), explanation.obstacle());
    return builder.build();
  }

  private static void name(
      NodeView view,
      Explanation.Builder builder,
      List<List<OrganizationId>> paths,
      List<OrganizationId> obstacle) {
    for (List<OrganizationId> path : paths) {
      path.forEach(it -> builder.putNames(it.toString(), view.nameOf(it)));
    }
    obstacle.forEach(it -> builder.putNames(it.toString(), view.nameOf(it)));
  }
}
