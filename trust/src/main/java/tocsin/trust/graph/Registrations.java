package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Names that their owners have registered, and what follows from it.
///
/// A registration binds when it has stood undisputed for [#WAIT_MILLIS] since this node first saw
/// it, and as many disjoint paths lead to it (to its owner, or to organizations that endorse it) as
/// an override of its names needs. Without the second condition one careless vetter, an invented
/// organization and a week's patience would give somebody a path of his own.
final class Registrations {
  /// Seven days: longer than a hijack goes unnoticed by the owner of the name.
  static final long WAIT_MILLIS = 7L * 24 * 3_600_000;

  private final Web web;
  private final TrustGraph graph;

  Registrations(Web web) {
    this.web = web;
    this.graph = web.graph();
  }

  /// How a registration stands.
  ///
  /// @param reason one sentence
  record Standing(RegistrationState state, String reason, int found, int required) {}

  /// Those that bind in this view and cover some of the names, by id.
  List<Seen<Statement.Registration>> binding(List<DnsName> names, View view) {
    List<Seen<Statement.Registration>> binding = new ArrayList<>();
    for (StatementId id : graph.registrationsOf(names)) {
      Seen<Statement.Registration> registration = graph.registration(id).orElseThrow();
      if (standing(registration, view).state() == RegistrationState.BINDING) {
        binding.add(registration);
      }
    }
    return binding;
  }

  /// Those that restrict others in this view: they once bound, and neither their time nor their
  /// owner has ended them. That their key was revoked or their vouches were withdrawn since opens
  /// nothing that was closed.
  List<Seen<Statement.Registration>> restricting(List<DnsName> names, View view) {
    List<Seen<Statement.Registration>> restricting = new ArrayList<>();
    for (StatementId id : graph.registrationsOf(names)) {
      Seen<Statement.Registration> it = graph.registration(id).orElseThrow();
      long bindsAt = bindsAtMillis(it);
      if (bindsAt <= view.atMillis()
          && !it.header().isExpiredAt(view.atMillis())
          && !isRecalled(it, view)
          && standing(it, View.asOf(bindsAt)).state() == RegistrationState.BINDING) {
        restricting.add(it);
      }
    }
    return restricting;
  }

  private boolean isRecalled(Seen<Statement.Registration> registration, View view) {
    for (Seen<Statement.Recall> recall : graph.recallsOf(registration.id())) {
      if (Signers.isBySame(graph, recall, registration.issuer())
          && recall.firstSeenMillis() <= view.stopsUntilMillis()) {
        return true;
      }
    }
    return false;
  }

  /// How many disjoint paths an alert needs, by policy and by what the owners of its names ask for.
  int required(Statement.Alert alert, View view) {
    int required = ContentGuards.requiredPaths(alert, web.policy());
    if (alert.action() instanceof Statement.OverrideAction) {
      for (Seen<Statement.Registration> it : restricting(alert.names(), view)) {
        required = Math.max(required, it.statement().endorsements() + 1);
      }
    }
    return required;
  }

  /// Why the owner of one of its names does not want this organization to submit it; empty if none
  /// objects.
  Optional<AlertStatus.Refused> notDesignated(Seen<Statement.Alert> alert, View view) {
    if (alert.statement().action() instanceof Statement.FlushAction) {
      return Optional.empty();
    }
    for (Seen<Statement.Registration> it : restricting(alert.statement().names(), view)) {
      List<OrganizationId> submitters = it.statement().submitters();
      if (!submitters.isEmpty()
          && !it.issuer().equals(alert.issuer())
          && !submitters.contains(alert.issuer())) {
        return Optional.of(
            new AlertStatus.Refused(
                Guard.NOT_DESIGNATED,
                "the owner of "
                    + it.statement().names().getFirst()
                    + " has registered who may submit for it (registration "
                    + it.id()
                    + "), and its submitter is another"));
      }
    }
    return Optional.empty();
  }

  /// Owners whose word on this alert is a path of its own: they sign it, and their binding
  /// registrations cover all its names.
  NavigableSet<OrganizationId> owners(
      Seen<Statement.Alert> alert, List<Seen<Statement.Registration>> binding, View view) {
    NavigableSet<OrganizationId> owners = new TreeSet<>();
    for (Seen<Statement.Registration> one : binding) {
      OrganizationId owner = one.issuer();
      boolean signs = false;
      boolean coversAll = true;
      for (DnsName name : alert.statement().names()) {
        boolean covered = false;
        for (Seen<Statement.Registration> it : binding) {
          covered |= it.issuer().equals(owner) && it.statement().covers(name);
        }
        coversAll &= covered;
      }
      if (alert.issuer().equals(owner)) {
        signs = one.statement().isOwnerKey(alert.header().key());
      }
      signs |= Signers.endorsesWith(graph, alert.id(), owner, one.statement()::isOwnerKey, view);
      if (signs && coversAll) {
        owners.add(owner);
      }
    }
    return owners;
  }

  /// This key speaks for the owner of a name of the alert, as this node saw it at that moment.
  boolean isOwner(
      Statement.Alert alert, OrganizationId organization, KeyId key, long firstSeenMillis) {
    for (Seen<Statement.Registration> it : binding(alert.names(), View.asOf(firstSeenMillis))) {
      if (it.issuer().equals(organization) && it.statement().isOwnerKey(key)) {
        return true;
      }
    }
    return false;
  }

  Standing standing(Seen<Statement.Registration> registration, View view) {
    Statement.Registration statement = registration.statement();
    int required = required(statement);
    Speaker owner = graph.speaker(registration.issuer());
    if (!owner.speaks(registration.id(), registration.header(), KeyUse.SUBMIT, view)) {
      return new Standing(
          RegistrationState.VOID, "its key does not speak for its owner", 0, required);
    }
    if (isRecalled(registration, view)) {
      return new Standing(RegistrationState.RECALLED, "its owner has taken it back", 0, required);
    }
    if (registration.header().isExpiredAt(view.atMillis())) {
      return new Standing(RegistrationState.EXPIRED, "it has expired", 0, required);
    }
    long bindsAt = bindsAtMillis(registration);
    Disputing disputing = disputing(registration, required, view);
    if (disputing.blocked()) {
      return new Standing(
          RegistrationState.BLOCKED,
          "an organization with standing for its names disputed it before it bound",
          0,
          required);
    }
    if (disputing.decisive()) {
      return new Standing(
          RegistrationState.BLOCKED,
          "as many disjoint organizations dispute it as it would need",
          0,
          required);
    }
    NavigableSet<OrganizationId> signers = Signers.endorsers(graph, registration, view);
    signers.add(registration.issuer());
    // An override of several names needs a path that covers them all; so does their registration.
    Reach reach = web.reachTo(signers, view, statement.names());
    int vouched = reach.toSubmitters(signers).paths().size();
    if (reach.isSubmitter(registration.issuer())) {
      vouched = Math.max(vouched, reach.toVouchersOf(registration.issuer()).paths().size());
    }
    if (vouched < required) {
      return new Standing(
          RegistrationState.PENDING,
          vouched + " of " + required + " disjoint paths lead to it or its owner",
          vouched,
          required);
    }
    if (view.atMillis() < bindsAt) {
      return new Standing(
          RegistrationState.WAITING,
          "it binds when it has stood undisputed for 7 days",
          vouched,
          required);
    }
    return new Standing(
        RegistrationState.BINDING, "it has stood undisputed for 7 days", vouched, required);
  }

  static long bindsAtMillis(Seen<Statement.Registration> registration) {
    return registration.firstSeenMillis() + WAIT_MILLIS;
  }

  /// As many as an override of its names would need.
  private int required(Statement.Registration registration) {
    return ContentGuards.requiredOverridePaths(registration.names(), false, web.policy());
  }

  private record Disputing(boolean blocked, boolean decisive) {}

  /// Only who has standing for a name can block its registration: as a submitter or vetter, in the
  /// web as it stood when this node first saw the dispute.
  private Disputing disputing(Seen<Statement.Registration> registration, int required, View view) {
    boolean blocked = false;
    NavigableSet<OrganizationId> by = new TreeSet<>();
    long latest = Long.MIN_VALUE;
    for (Seen<Statement.Dispute> it : graph.alertFile(registration.id()).disputes().values()) {
      boolean inView = it.firstSeenMillis() <= view.stopsUntilMillis();
      if (inView
          && !it.issuer().equals(registration.issuer())
          && graph.speaker(it.issuer()).everSpoke(it.header(), KeyUse.SUBMIT, KeyUse.ENDORSE)) {
        View then = View.asOf(it.firstSeenMillis());
        boolean stands = false;
        for (DnsName name : registration.statement().names()) {
          Reach reach = web.reachTo(it.issuer(), then, List.of(name));
          stands |= reach.isSubmitter(it.issuer()) || reach.isVetter(it.issuer());
        }
        if (stands) {
          blocked |= it.firstSeenMillis() < bindsAtMillis(registration);
          by.add(it.issuer());
          latest = Math.max(latest, it.firstSeenMillis());
        }
      }
    }
    boolean decisive =
        by.size() >= required
            && web.reachTo(by, View.asOf(latest), registration.statement().names())
                    .toSubmitters(by)
                    .paths()
                    .size()
                >= required;
    return new Disputing(blocked, decisive);
  }
}
