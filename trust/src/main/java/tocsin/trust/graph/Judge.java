package tocsin.trust.graph;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Whom this node believes: the alert is the sink. An alert is accepted iff as many vertex-disjoint
/// paths lead to it, anchor -> vouches -> organizations -> (signature or endorsement) -> the alert,
/// as its action needs. By Menger's theorem that is to say that no coalition of fewer
/// organizations, of any roles, can make it happen.
///
/// A function of what the graph holds, the policy, the anchors and the time; make a new one when
/// policy or anchors change. One thread, the graph's.
public final class Judge {
  private final TrustGraph graph;
  private final TrustPolicy policy;
  private final NavigableSet<OrganizationId> anchors;
  private final Web web;
  private final Registrations registrations;
  private final Endings endings;

  /// @param anchors organizations that this node's administrator starts trust from; its own is one
  ///   of them only if added
  public Judge(TrustGraph graph, TrustPolicy policy, SortedSet<OrganizationId> anchors) {
    this(graph, policy, new TreeSet<>(anchors), new TreeSet<>());
  }

  private Judge(
      TrustGraph graph,
      TrustPolicy policy,
      NavigableSet<OrganizationId> anchors,
      NavigableSet<OrganizationId> excluded) {
    this.graph = graph;
    this.policy = policy;
    this.anchors = anchors;
    this.web = new Web(graph, policy, anchors, excluded);
    this.registrations = new Registrations(web);
    this.endings = new Endings(web, registrations);
  }

  /// What to make of this alert now; empty if the graph does not hold it.
  public Optional<AlertJudgement> judge(StatementId alert, long nowMillis) {
    return graph.alert(alert).map(seen -> judge(seen, nowMillis));
  }

  /// What forbids this alert by its own words, whoever signs it; empty if nothing does.
  public Optional<AlertStatus.Refused> objection(Statement.Alert alert) {
    return ContentGuards.objection(alert, policy);
  }

  private AlertJudgement judge(Seen<Statement.Alert> alert, long nowMillis) {
    View view = View.now(nowMillis);
    List<Seen<Statement.Registration>> binding =
        registrations.binding(alert.statement().names(), view);
    int required = registrations.required(alert.statement(), view);
    boolean stands = Signers.submitterStands(graph, alert, view);
    NavigableSet<OrganizationId> endorsers = Signers.endorsers(graph, alert, view);
    NavigableSet<OrganizationId> signers = new TreeSet<>();
    if (stands) {
      // A void alert has no paths: endorsements of it are endorsements of nothing.
      signers.addAll(endorsers);
      signers.add(alert.issuer());
    }
    NavigableSet<OrganizationId> owners =
        stands ? registrations.owners(alert, binding, view) : new TreeSet<>();
    Reach reach = web.reachTo(signers, view, alert.statement().names());
    Reach.Flow flow = reach.toSubmitters(signers, owners);
    int found = flow.paths().size();
    Endings.Disputes disputes = endings.disputes(alert);
    long endsAt = endsAtMillis(alert.statement());

    AlertStatus status;
    Optional<AlertStatus.Refused> objection =
        ContentGuards.objection(alert.statement(), policy)
            .or(() -> registrations.notDesignated(alert, view));
    Optional<AlertStatus> ending = endings.ending(alert, nowMillis);
    if (objection.isPresent()) {
      status = objection.get();
    } else if (!stands) {
      status = new SubmitterStanding(web, alert, nowMillis).voidSigner();
    } else if (ending.isPresent()) {
      status = ending.get();
    } else if (disputes.decisive()) {
      status =
          new AlertStatus.Refused(
              Guard.DISPUTED, "as many disjoint organizations dispute it as it would need");
    } else if (nowMillis >= endsAt) {
      status = new AlertStatus.Expired();
    } else if (alert.header().issuedAtMillis() > nowMillis + TrustPolicy.MAX_CLOCK_SKEW_MILLIS) {
      status = new AlertStatus.Refused(Guard.IN_THE_FUTURE, "it is issued in the future");
    } else if (found >= required) {
      status = new AlertStatus.Active();
    } else if (found > 0) {
      status = new AlertStatus.Pending();
    } else {
      status = new SubmitterStanding(web, alert, nowMillis).notVetted();
    }
    boolean override = alert.statement().action() instanceof Statement.OverrideAction;
    return new AlertJudgement(
        alert.id(),
        alert.issuer(),
        List.copyOf(endorsers),
        status,
        found,
        required,
        flow.paths(),
        found < required ? flow.cut() : List.of(),
        status instanceof AlertStatus.Pending
            ? Losses.of(web, alert, signers, reach, view)
            : List.of(),
        List.copyOf(disputes.by()),
        override
            && (policy.names().isManual(alert.statement(), policy.overrideApproval())
                || !disputes.by().isEmpty()),
        alert.firstSeenMillis(),
        endsAt);
  }

  private long endsAtMillis(Statement.Alert alert) {
    long own = alert.header().expiresAtMillis();
    return switch (alert.action()) {
      case Statement.FlushAction _ -> own;
      case Statement.OverrideAction _ ->
          Math.min(own, alert.header().issuedAtMillis() + policy.overrideMaxMillis());
    };
  }

  /// The same judge in a web without these organizations: what would be left if nothing that they
  /// say counted.
  public Judge without(SortedSet<OrganizationId> organizations) {
    NavigableSet<OrganizationId> others = new TreeSet<>(anchors);
    others.removeAll(organizations);
    return new Judge(graph, policy, others, new TreeSet<>(organizations));
  }

  /// The greatest number of disjoint paths that these organizations could bring to an alert of
  /// their own, if somebody had all their keys and invented as many organizations as he liked: what
  /// they invent is reached through them alone, so each is worth one path at most.
  ///
  /// @param names empty: for whatever names there may be
  public List<List<OrganizationId>> reachOf(
      SortedSet<OrganizationId> organizations, List<DnsName> names, long nowMillis) {
    View view = View.now(nowMillis);
    NavigableSet<OrganizationId> owners = new TreeSet<>();
    for (Seen<Statement.Registration> it : registrations.binding(names, view)) {
      if (organizations.contains(it.issuer())) {
        owners.add(it.issuer());
      }
    }
    Reach reach = web.reachTo(new TreeSet<>(organizations), view, names);
    NavigableSet<OrganizationId> able = new TreeSet<>();
    for (OrganizationId one : organizations) {
      if (reach.isSubmitter(one) || reach.depthOf(one) >= 1) {
        able.add(one);
      }
    }
    return reach.toThose(able, owners).paths();
  }

  /// How many disjoint paths an override and a flush of these names need here, by policy.
  public int requiredPaths(boolean override, List<DnsName> names) {
    if (names.isEmpty()) {
      return override ? policy.overridePaths() : policy.flushPaths();
    }
    if (override) {
      return ContentGuards.requiredOverridePaths(names, false, policy);
    }
    return ContentGuards.requiredFlushPaths(names, policy);
  }

  /// An override of these names can never act here, whoever signs it; why not.
  public Optional<String> neverOverridden(List<DnsName> names) {
    return policy.names().never(names).map(it -> it + " is never overridden here (never-override)");
  }

  /// An override of these names waits for an administrator here.
  public boolean waitsForApproval(List<DnsName> names) {
    return policy.names().isManual(names, policy.overrideApproval());
  }

  /// Enough disjoint organizations have revoked it.
  public boolean isRevoked(OrganizationId organization) {
    return web.isRevoked(organization);
  }

  /// Somebody's word that an organization is to be revoked.
  public record RevocationClaim(OrganizationId by, String reason, long firstSeenMillis) {}

  /// All that were said about this organization, in the order in which they came; each alone is a
  /// claim, [#isRevoked] tells whether they are enough.
  public List<RevocationClaim> claimsAgainst(OrganizationId organization) {
    return web.claimsAgainst(organization).stream()
        .map(it -> new RevocationClaim(it.issuer(), it.statement().reason(), it.firstSeenMillis()))
        .toList();
  }

  /// How many organizations can be reached from the anchors now, the whole web computed anew.
  public int reached(long nowMillis) {
    return web.whole(View.now(nowMillis), List.of()).reached();
  }

  /// The web as it is seen from the anchors now.
  ///
  /// @param vertices ascending
  public record Picture(List<Vertex> vertices, List<Edge> edges) {
    public Picture {
      vertices = List.copyOf(vertices);
      edges = List.copyOf(edges);
    }
  }

  /// @param depth how many vouches may follow from here
  public record Vertex(OrganizationId organization, boolean anchor, List<Role> roles, int depth) {
    public Vertex {
      roles = List.copyOf(roles);
    }
  }

  /// All vouches in force of one organization for another, together.
  ///
  /// @param expiresAtMillis of the one that ends last
  public record Edge(
      OrganizationId issuer,
      OrganizationId subject,
      List<Role> roles,
      List<DnsName> scopes,
      long expiresAtMillis) {
    public Edge {
      roles = List.copyOf(roles);
      scopes = List.copyOf(scopes);
    }
  }

  /// @param ends only what leads to these; empty: all that can be reached
  /// @param names only what covers all of these; empty: whatever names there may be
  public Picture picture(SortedSet<OrganizationId> ends, List<DnsName> names, long nowMillis) {
    View view = View.now(nowMillis);
    NavigableSet<OrganizationId> asked =
        ends.isEmpty() ? web.whole(view, names).all() : new TreeSet<>(ends);
    Reach reach = web.reachTo(asked, view, names);
    NavigableSet<OrganizationId> shown = new TreeSet<>(asked);
    shown.addAll(reach.all());
    List<Vertex> vertices = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    for (OrganizationId one : shown) {
      vertices.add(new Vertex(one, web.isAnchor(one), roles(reach, one), reach.depthOf(one)));
      for (Edge edge : reach.edgesTo(one)) {
        if (shown.contains(edge.issuer())) {
          edges.add(edge);
        }
      }
    }
    return new Picture(vertices, edges);
  }

  private static List<Role> roles(Reach reach, OrganizationId organization) {
    List<Role> roles = new ArrayList<>();
    if (reach.isVetter(organization)) {
      roles.add(Role.VETTER);
    }
    if (reach.isSubmitter(organization)) {
      roles.add(Role.SUBMITTER);
    }
    return roles;
  }

  /// A registration of names, and how it stands here now.
  ///
  /// @param reason one sentence
  /// @param found disjoint paths that lead to it or its owner, of the `required` ones
  public record RegistrationStanding(
      StatementId id,
      OrganizationId owner,
      Statement.Registration registration,
      RegistrationState state,
      String reason,
      int found,
      int required,
      long firstSeenMillis,
      long bindsAtMillis) {}

  /// How a registration stands now; empty if the graph does not hold it.
  public Optional<RegistrationStanding> registration(StatementId id, long nowMillis) {
    return graph
        .registration(id)
        .map(seen -> {
          Registrations.Standing standing = registrations.standing(seen, View.now(nowMillis));
          return new RegistrationStanding(
              id,
              seen.issuer(),
              seen.statement(),
              standing.state(),
              standing.reason(),
              standing.found(),
              standing.required(),
              seen.firstSeenMillis(),
              Registrations.bindsAtMillis(seen));
        });
  }

  /// The registrations that bind here now and cover some of these names: what their owners have
  /// said is right for them.
  public List<Statement.Registration> registered(List<DnsName> names, long nowMillis) {
    return registrations.binding(names, View.now(nowMillis)).stream().map(Seen::statement).toList();
  }

  /// The next moment after this one at which the web may change by time alone, and with it any
  /// judgement; empty if none.
  public OptionalLong nextChange(long nowMillis) {
    return graph.nextMoment(nowMillis);
  }

  /// The next moment after this one at which the judgement of this alert may change by time alone,
  /// as long as the web does not; empty if none.
  public OptionalLong nextChange(StatementId alert, long nowMillis) {
    return graph.nextMoment(alert, nowMillis, policy.overrideMaxMillis());
  }

  /// The standing of an organization now, for whatever names.
  public Explanation explain(OrganizationId organization, long nowMillis) {
    return explain(organization, List.of(), nowMillis);
  }

  /// The standing of an organization now, for all of these names.
  public Explanation explain(OrganizationId organization, List<DnsName> names, long nowMillis) {
    Reach reach = web.reachTo(organization, View.now(nowMillis), names);
    List<Role> roles = roles(reach, organization);
    boolean anchor = web.isAnchor(organization);
    List<List<OrganizationId>> paths = new ArrayList<>();
    List<OrganizationId> obstacle = List.of();
    if (anchor) {
      paths.add(List.of(organization));
    } else {
      Reach.Flow flow = reach.toVouchersOf(organization);
      for (List<OrganizationId> path : flow.paths()) {
        List<OrganizationId> whole = new ArrayList<>(path);
        whole.add(organization);
        paths.add(List.copyOf(whole));
      }
      obstacle = flow.cut();
    }
    return new Explanation(
        organization,
        anchor,
        web.isRevoked(organization),
        reach.depthOf(organization),
        roles,
        reach.scopesOf(organization),
        paths,
        obstacle);
  }

  /// Digest of all judgements now: two nodes with the same statements, first-seen times, policy and
  /// anchors have the same, in whatever order the statements came.
  public Sha256 stateHash(long nowMillis) {
    List<ByteString> parts = new ArrayList<>();
    for (StatementId alert : graph.alerts()) {
      parts.add(ByteString.copyFromUtf8(judge(alert, nowMillis).orElseThrow() + "\n"));
    }
    for (StatementId registration : graph.registrations()) {
      parts.add(
          ByteString.copyFromUtf8(registration(registration, nowMillis).orElseThrow() + "\n"));
    }
    parts.add(ByteString.copyFromUtf8(graph.suspensions() + "\n"));
    for (OrganizationId organization : graph.organizations()) {
      parts.add(ByteString.copyFromUtf8(explain(organization, nowMillis) + "\n"));
    }
    return Sha256.of(parts.toArray(ByteString[]::new));
  }
}
