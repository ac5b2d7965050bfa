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
import tocsin.trust.ShortId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustGraph;

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
    if (!isPetName(name)) {
      throw Refusal.badInput(
          "an anchor's name has 1 to 64 printable characters and looks like no id or card: say it"
              + " with --as NAME");
    }
    answer(
        requests.ask(
            number -> new Event.AnchorAdded(number, organization, name, profile), loop::happened));
    return loop.ask(core -> anchor(core, organization));
  }

  /// What could be taken for an id would name one organization and mean another.
  private static boolean isPetName(String name) {
    return !name.isBlank()
        && name.length() <= 64
        && name.codePoints().noneMatch(TrustAnswers::isUnprintable)
        && !name.matches("[0-9a-fA-F]{4,64}")
        && ShortId.parse(name).isEmpty()
        && !Card.isCard(name);
  }

  private static boolean isUnprintable(int character) {
    int type = Character.getType(character);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED;
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
            .setReachable(explanation.hasStanding())
            .setRevoked(explanation.revoked())
            .addAllRevocations(revocations(core, organization));
    List<Envelope> profiles = new ArrayList<>();
    for (StatementId id : view.graph().profileIds(organization)) {
      view.log().get(id).map(LogEntry::envelope).ifPresent(profiles::add);
    }
    if (!profiles.isEmpty()) {
      builder.setProfile(Protos.profile(profiles.getLast())).setCard(new Card(profiles).text());
    }
    return builder.build();
  }

  /// Who has spoken for the revocation of an organization, and why.
  static List<String> revocations(NodeCore core, OrganizationId organization) {
    return core.judge().claimsAgainst(organization).stream()
        .map(it -> core.view().nameOf(it.by()) + (it.reason().isEmpty() ? "" : ": " + it.reason()))
        .toList();
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
          reply.addVouches(vouch(core, issuer, vouch, entry.get()));
        }
      }
    }
    return reply.build();
  }

  private static VouchView vouch(
      NodeCore core, OrganizationId issuer, TrustGraph.VouchStanding vouch, LogEntry entry) {
    boolean revoked = core.judge().isRevoked(issuer) || core.judge().isRevoked(vouch.subject());
    return VouchView.newBuilder()
        .setId(vouch.id().toByteString())
        .setIssuer(issuer.toByteString())
        .setVouch(Protos.vouch(entry.envelope()))
        .setState(revoked && vouch.state().equals("in force") ? "void" : vouch.state())
        .build();
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
          "neither an organization nor an alert is known here as "
              + References.shown(subject)
              + References.hint(view, subject));
    }
    return core.standing(alert)
        .map(standing -> explainAlert(core, standing))
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

  static Explanation explainAlert(NodeCore core, IncidentBook.Standing standing) {
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
    name(core, builder, judgement.paths(), judgement.obstacle());
    return builder.build();
  }

  private static Explanation explainOrganization(NodeCore core, OrganizationId organization) {
    var explanation = core.judge().explain(organization, core.nowMillis());
    int found = explanation.paths().size();
    List<String> claims = revocations(core, organization);
    String against = String.join("; ", claims);
    String reason =
        explanation.anchor()
            ? "this node's administrator chose it as an anchor"
            : explanation.revoked()
                ? "it has been revoked by " + against
                : explanation.hasStanding()
                    ? found == 1
                        ? "1 path of vouches leads to it"
                        : found + " disjoint paths of vouches lead to it"
                    : "no path of vouches leads from an anchor to it: an anchor, or a vetter that"
                        + " one reaches, would have to vouch for it";
    if (!claims.isEmpty() && !explanation.revoked()) {
      reason += "; its revocation is asked for by " + against;
    }
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
    builder.putNames(organization.toString(), core.view().nameOf(organization));
    name(core, builder, explanation.paths(), explanation.obstacle());
    return builder.build();
  }

  /// What the organizations are called, and how they came to be vouched for.
  private static void name(
      NodeCore core,
      Explanation.Builder builder,
      List<List<OrganizationId>> paths,
      List<OrganizationId> obstacle) {
    NodeView view = core.view();
    for (List<OrganizationId> path : paths) {
      path.forEach(it -> builder.putNames(it.toString(), view.nameOf(it)));
      for (int i = 1; i < path.size(); i++) {
        OrganizationId issuer = path.get(i - 1);
        OrganizationId subject = path.get(i);
        for (var vouch : view.graph().vouches(issuer, core.nowMillis())) {
          if (vouch.subject().equals(subject) && vouch.state().equals("in force")) {
            view.log()
                .get(vouch.id())
                .ifPresent(entry -> builder.addVouches(vouch(core, issuer, vouch, entry)));
          }
        }
      }
    }
    obstacle.forEach(it -> builder.putNames(it.toString(), view.nameOf(it)));
  }
}
