package tocsin.node.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.proto.BudgetView;
import tocsin.proto.CompromiseReply;
import tocsin.proto.CompromiseRequest;
import tocsin.proto.KeyView;
import tocsin.proto.ListKeysReply;
import tocsin.proto.ListRegistrationsReply;
import tocsin.proto.RegistrationView;
import tocsin.proto.TrustEdge;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.TrustVertex;
import tocsin.storage.LogEntry;
import tocsin.trust.Card;
import tocsin.trust.DnsName;
import tocsin.trust.Envelopes;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;

/// The web of trust as a whole: its picture, what a coalition could do in it, registered names,
/// keys.
public final class WebAnswers {
  /// Names that are spelt out in one finding.
  private static final int SPELT_OUT = 20;

  private final Envelopes envelopes;

  public WebAnswers(Envelopes envelopes) {
    this.envelopes = envelopes;
  }

  TrustGraphReply graph(NodeCore core, String subject) {
    NodeView view = core.view();
    TrustGraphReply.Builder reply = TrustGraphReply.newBuilder();
    TreeSet<OrganizationId> ends = new TreeSet<>();
    List<DnsName> names = List.of();
    if (!subject.isEmpty()) {
      Optional<OrganizationId> organization = References.findOrganization(view, subject);
      if (organization.isPresent()) {
        ends.add(organization.get());
        var explanation = core.judge().explain(organization.get(), core.nowMillis());
        reply
            .setSubject(organization.get().toByteString())
            .addAllPaths(Protos.paths(explanation.paths()))
            .addAllObstacle(Protos.ids(explanation.obstacle()))
            .setRequired(1);
      } else {
        IncidentBook.Standing standing =
            alert(core, subject)
                .orElseThrow(() ->
                    Refusal.notFound(
                        "neither an organization nor an alert is known here as "
                            + References.shown(subject)
                            + References.hint(view, subject)));
        ends.add(standing.judgement().submitter());
        ends.addAll(standing.judgement().endorsers());
        names = standing.alert().names();
        reply
            .setSubject(standing.id().toByteString())
            .setIsAlert(true)
            .addAllPaths(Protos.paths(standing.judgement().paths()))
            .addAllObstacle(Protos.ids(standing.judgement().obstacle()))
            .setRequired(standing.judgement().required());
      }
    }
    Judge.Picture picture = core.judge().picture(ends, names, core.nowMillis());
    for (Judge.Vertex it : picture.vertices()) {
      reply.addVertices(
          TrustVertex.newBuilder()
              .setOrganization(it.organization().toByteString())
              .setName(view.nameOf(it.organization()))
              .setAnchor(it.anchor())
              .addAllRoles(roles(it.roles()))
              .setDepth(it.depth())
              .setSigns(reply.getIsAlert() && ends.contains(it.organization())));
    }
    for (Judge.Edge it : picture.edges()) {
      reply.addEdges(
          TrustEdge.newBuilder()
              .setIssuer(it.issuer().toByteString())
              .setSubject(it.subject().toByteString())
              .addAllRoles(roles(it.roles()))
              .addAllScopes(Protos.names(it.scopes()))
              .setExpiresAtMillis(it.expiresAtMillis()));
    }
    return reply.build();
  }

  private static Optional<IncidentBook.Standing> alert(NodeCore core, String subject) {
    try {
      return core.standing(References.alert(core.view(), subject));
    } catch (Refusal _) {
      return Optional.empty();
    }
  }

  private static List<tocsin.proto.Role> roles(List<Role> roles) {
    return roles.stream()
        .map(role ->
            switch (role) {
              case VETTER -> tocsin.proto.Role.VETTER;
              case SUBMITTER -> tocsin.proto.Role.SUBMITTER;
            })
        .toList();
  }

  CompromiseReply compromise(NodeCore core, CompromiseRequest request) {
    NodeView view = core.view();
    TreeSet<OrganizationId> coalition = new TreeSet<>();
    for (String text : request.getOrganizationsList()) {
      coalition.add(Card.isCard(text) ? ofCard(text) : References.organization(view, text));
    }
    if (coalition.isEmpty()) {
      throw Refusal.badInput("name at least one organization");
    }
    List<DnsName> names =
        request.getName().isEmpty() ? List.of() : List.of(AlertAnswers.name(request.getName()));
    Judge judge = core.judge();
    int paths = judge.reachOf(coalition, names, core.nowMillis()).size();
    int override = judge.requiredPaths(true, names);
    int flush = judge.requiredPaths(false, names);
    Judge without = judge.without(coalition);
    List<IncidentBook.Standing> lostAlerts = new ArrayList<>();
    for (IncidentBook.Standing standing : view.incidents().live().values()) {
      boolean lost =
          standing.state() == AlertState.ACTIVE
              && without
                  .judge(standing.id(), core.nowMillis())
                  .filter(it -> it.isActive())
                  .isEmpty();
      if (lost) {
        lostAlerts.add(standing);
      }
    }
    List<OrganizationId> lost = new ArrayList<>();
    for (OrganizationId organization : view.graph().organizations()) {
      if (!coalition.contains(organization)
          && judge.explain(organization, core.nowMillis()).hasStanding()
          && !without.explain(organization, core.nowMillis()).hasStanding()) {
        lost.add(organization);
      }
    }
    CompromiseReply.Builder reply =
        CompromiseReply.newBuilder()
            .addAllOrganizations(Protos.ids(List.copyOf(coalition)))
            .setPaths(paths)
            .setOverrideRequired(override)
            .setFlushRequired(flush)
            .addAllLostOrganizations(Protos.ids(lost));
    lostAlerts.forEach(it -> reply.addLostAlerts(it.id().toByteString()));
    coalition.forEach(it -> reply.putNames(it.toString(), view.nameOf(it)));
    lost.forEach(it -> reply.putNames(it.toString(), view.nameOf(it)));
    Optional<String> never = judge.neverOverridden(names);
    boolean manual = judge.waitsForApproval(names);
    boolean possible = paths >= override && never.isEmpty() && !manual;
    reply.setOverridePossible(possible);
    String what = names.isEmpty() ? "some name that they are vetted for" : names.getFirst() + "";
    reply.addFindings(
        paths >= override && !possible
            ? "they are worth "
                + paths
                + " disjoint paths, and "
                + override
                + " are enough, but "
                + never.orElse("an administrator would have to approve the override here")
            : possible
                ? "together they could make this node accept a false override of "
                    + what
                    + ": they are worth "
                    + paths
                    + " disjoint paths, and "
                    + override
                    + " are enough"
                : "they could not make this node accept a false override of "
                    + what
                    + ": they are worth "
                    + paths
                    + " of the "
                    + override
                    + " disjoint paths that it takes");
    reply.addFindings(
        paths >= flush
            ? "they could make resolvers here forget what is cached, which is nearly harmless"
            : "they could not even cause a flush");
    if (!lostAlerts.isEmpty()) {
      reply.addFindings(
          (lostAlerts.size() == 1
                  ? "1 active alert would end"
                  : lostAlerts.size() + " active alerts would end")
              + " if nothing that they say counted");
    }
    if (!lost.isEmpty()) {
      reply.addFindings(
          (lost.size() == 1
                  ? "1 other organization stands"
                  : lost.size() + " other organizations stand")
              + " here by their vouches alone: "
              + String.join(", ", lost.stream().limit(SPELT_OUT).map(view::nameOf).toList())
              + (lost.size() > SPELT_OUT ? ", ..." : ""));
    }
    return reply.build();
  }

  private OrganizationId ofCard(String text) {
    return switch (Card.parse(text, envelopes)) {
      case Card.Parsed.Good good -> good.card().organization();
      case Card.Parsed.Bad bad -> throw Refusal.badInput("it is no card: " + bad.reason());
    };
  }

  ListRegistrationsReply registrations(NodeCore core, String name) {
    NodeView view = core.view();
    Optional<DnsName> about =
        name.isEmpty() ? Optional.empty() : Optional.of(AlertAnswers.name(name));
    ListRegistrationsReply.Builder reply = ListRegistrationsReply.newBuilder();
    for (StatementId id : view.graph().registrations()) {
      Judge.RegistrationStanding it = core.judge().registration(id, core.nowMillis()).orElseThrow();
      Optional<LogEntry> entry = view.log().get(id);
      boolean concerns =
          about.isEmpty()
              || it.registration().names().stream()
                  .anyMatch(one -> one.isAtOrBelow(about.get()) || about.get().isAtOrBelow(one));
      if (concerns && entry.isPresent()) {
        reply.addRegistrations(
            RegistrationView.newBuilder()
                .setId(id.toByteString())
                .setOwner(it.owner().toByteString())
                .setRegistration(Protos.registration(entry.get().envelope()))
                .setState(it.state().word())
                .setReason(it.reason())
                .setFirstSeenMillis(it.firstSeenMillis())
                .setBindsAtMillis(it.bindsAtMillis())
                .setPathsFound(it.found())
                .setPathsRequired(it.required()));
      }
    }
    return reply.build();
  }

  ListKeysReply keys(NodeCore core, String reference) {
    NodeView view = core.view();
    OrganizationId organization =
        reference.isEmpty() ? view.config().self() : References.organization(view, reference);
    return ListKeysReply.newBuilder().addAllKeys(keys(core, organization)).build();
  }

  static List<KeyView> keys(NodeCore core, OrganizationId organization) {
    NodeView view = core.view();
    int quota = view.config().policy().slotQuota();
    List<KeyView> keys = new ArrayList<>();
    for (TrustGraph.KeyStanding it : view.graph().keys(organization, core.nowMillis())) {
      String detail = "";
      for (TrustGraph.Suspension suspension : view.graph().suspensions()) {
        if (suspension.key().equals(it.key())) {
          detail = "signed both " + suspension.first() + " and " + suspension.second();
        }
      }
      keys.add(
          KeyView.newBuilder()
              .setKey(it.key().toByteString())
              .setState(it.state())
              .setDetail(detail)
              .setStatements(it.statements())
              .setSlotsUsed(it.slotsUsed())
              .setSlotsLeft(Math.max(quota - it.slotsUsed(), 0))
              .setRoot(it.root())
              .build());
    }
    return keys;
  }

  static List<BudgetView> budgets(NodeView view) {
    return view.budgets().stream()
        .limit(10)
        .map(it ->
            BudgetView.newBuilder()
                .setOrganization(it.organization().toByteString())
                .setName(view.nameOf(it.organization()))
                .setSpent(it.spent())
                .setLimit(it.limit())
                .build())
        .toList();
  }
}
