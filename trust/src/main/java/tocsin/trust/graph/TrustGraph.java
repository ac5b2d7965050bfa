package tocsin.trust.graph;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// The web of trust: a fold over all statements that a node carries. It is a pure function of the
/// *set* {(statement, first-seen time)}: order and repetition of [#add] change nothing, because
/// everything is filed under the id of what it speaks of, whether that is here yet or not, and
/// judged only when asked.
///
/// It knows no anchors, no policy and no time: [Judge] does. One thread.
public final class TrustGraph {
  private final NetworkId network;
  private final int slotQuota;

  private final Speakers speakers;
  private final Layered<StatementId, AlertFile> alerts;

  /// What no archive keeps.
  private final Layered<StatementId, Envelope> kept;

  private final @Nullable Archive archive;
  private final Layered<StatementId, TreeMap<StatementId, Seen<Statement.Recall>>> recalls;
  private final Layered<OrganizationId, TreeMap<StatementId, Seen<Statement.Revocation>>>
      organizationRevocations;
  private final Vouches vouches;
  private final TreeMap<OrganizationId, ReachableOrganizations> reachable = new TreeMap<>();

  private final Layered<StatementId, Seen<Statement.Registration>> registrations;
  private final Layered<DnsName, TreeSet<StatementId>> registeredNames;

  /// Organizations some of whose keys have contradicted themselves.
  private final TreeSet<OrganizationId> doubtful = new TreeSet<>();

  /// When something of the web begins or ends by itself.
  private final Moments moments;

  /// Many vouches have the same scopes: one list is kept for all.
  private final TreeMap<String, List<DnsName>> scopes = new TreeMap<>();

  private long generation;
  private long webGeneration;

  /// Where statements can be read again. Alerts and endorsements are filed by what they are about,
  /// and read when somebody asks: most alerts are over, and nobody asks for them ever again.
  @FunctionalInterface
  public interface Archive {
    /// @return a statement that the graph was given; empty if it is not there
    Optional<Envelope> find(StatementId id);
  }

  /// A graph that keeps by itself what it may be asked for.
  ///
  /// @param slotQuota statements per key and hour and kind, the network's agreement; beyond it they
  ///   are void
  public TrustGraph(NetworkId network, int slotQuota) {
    this(network, slotQuota, null);
  }

  /// @param archive has whatever is given to [#add], from then on and for ever
  public TrustGraph(NetworkId network, int slotQuota, @Nullable Archive archive) {
    this.network = network;
    this.archive = archive;
    this.slotQuota = slotQuota;
    this.speakers = new Speakers();
    this.alerts = new Layered<>();
    this.kept = new Layered<>();
    this.recalls = new Layered<>();
    this.organizationRevocations = new Layered<>();
    this.registrations = new Layered<>();
    this.registeredNames = new Layered<>();
    this.vouches = new Vouches(speakers);
    this.moments = new Moments();
  }

  private TrustGraph(TrustGraph before, @Nullable Archive archive) {
    this.network = before.network;
    this.archive = archive;
    this.slotQuota = before.slotQuota;
    this.speakers = before.speakers.fork();
    this.vouches = before.vouches.fork(speakers);
    this.alerts = before.alerts.fork();
    this.kept = before.kept.fork();
    this.recalls = before.recalls.fork();
    this.organizationRevocations = before.organizationRevocations.fork();
    this.registrations = before.registrations.fork();
    this.registeredNames = before.registeredNames.fork();
    this.moments = before.moments.fork();
    before.reachable.forEach((anchor, reach) -> reachable.put(anchor, reach.fork(vouches)));
    doubtful.addAll(before.doubtful);
    generation = before.generation;
    webGeneration = before.webGeneration;
  }

  /// A graph that holds what this one holds, with the same first-seen times, and goes its own way
  /// from here: what one of the two files, the other does not see. What they have in common is in
  /// memory once, so that thousands can start from the same profiles and vouches. The first fork
  /// after a change costs about as much as filing everything again; every other one next to
  /// nothing. All forks of one graph belong to one thread.
  public TrustGraph fork() {
    return new TrustGraph(this, archive);
  }

  /// The same, for one who has an archive of his own, of at least what this graph was given.
  public TrustGraph fork(Archive itsArchive) {
    return new TrustGraph(this, itsArchive);
  }

  /// Files a verified statement.
  ///
  /// @param firstSeenMillis when this node first saw it, as logged; of several the earliest counts
  /// @return false if nothing changed: it is known, of another network, or over the slot quota
  public boolean add(Envelope envelope, long firstSeenMillis) {
    return file(envelope, firstSeenMillis).isPresent();
  }

  /// The same, for whoever keeps account of what counts.
  ///
  /// @return empty if nothing changed
  public Optional<Filed> file(Envelope envelope, long firstSeenMillis) {
    Header header = envelope.statement().header();
    if (!header.network().equals(network) || header.slotIndex() >= slotQuota) {
      return Optional.empty();
    }
    Optional<Long> before =
        speaker(envelope.issuer()).firstSeenMillis(envelope.id(), envelope.statement().header());
    if (before.isPresent() && before.get() <= firstSeenMillis) {
      return Optional.empty();
    }
    Filed filed = put(envelope, firstSeenMillis);
    generation++;
    if (isOfTheWeb(envelope)) {
      webGeneration++;
    }
    return Optional.of(filed);
  }

  /// Speaks of organizations rather than of alerts; or adds to the chain of a revoked key, whose
  /// good statements it may tell from the others.
  private boolean isOfTheWeb(Envelope envelope) {
    return switch (envelope.statement()) {
      case Statement.Profile _,
          Statement.Vouch _,
          Statement.VouchWithdrawal _,
          Statement.Revocation _,
          Statement.Registration _ ->
          true;
      case Statement.Alert _, Statement.Endorsement _, Statement.Dispute _, Statement.Recall _ ->
          speaksOfRegistration(envelope.statement())
              || speaker(envelope.issuer()).hasDoubtfulKeys();
    };
  }

  /// Whatever is said about a registration may change alerts about its names.
  private boolean speaksOfRegistration(Statement statement) {
    return switch (statement) {
      case Statement.Endorsement it -> registrations.containsKey(it.alert());
      case Statement.Dispute it -> registrations.containsKey(it.alert());
      case Statement.Recall it -> registrations.containsKey(it.statement());
      case Statement.Registration _ -> true;
      case Statement.Profile _,
          Statement.Vouch _,
          Statement.VouchWithdrawal _,
          Statement.Revocation _,
          Statement.Alert _ ->
          false;
    };
  }

  /// Grows when something may have changed about who is vetted.
  long webGeneration() {
    return webGeneration;
  }

  private Filed put(Envelope envelope, long firstSeenMillis) {
    StatementId id = envelope.id();
    Speaker speaker = speakers.change(envelope.issuer());
    Filed filed = speaker.addLink(envelope, firstSeenMillis);
    if (!speaker.equivocators().isEmpty()) {
      doubtful.add(envelope.issuer());
    }
    switch (envelope.statement()) {
      case Statement.Profile it -> {
        speaker.addProfile(Seen.of(envelope, it, firstSeenMillis));
      }
      case Statement.Vouch it -> {
        addMoments(it.header(), moments::add);
        Vouching vouching = speaker.addVouch(Vouching.of(id, shared(it), false, false, 0));
        vouches.added(envelope.issuer(), it.subject());
        for (ReachableOrganizations reach : reachable.values()) {
          reach.spreadAlong(envelope.issuer(), vouching);
        }
      }
      case Statement.VouchWithdrawal it ->
          speaker.addWithdrawal(Seen.of(envelope, it, firstSeenMillis));
      case Statement.Revocation it -> {
        Seen<Statement.Revocation> revocation = Seen.of(envelope, it, firstSeenMillis);
        switch (it.target()) {
          case Statement.Revoked.Key key -> speaker.addKeyRevocation(revocation, key.key());
          case Statement.Revoked.Organization subject ->
              organizationRevocations
                  .change(subject.organization(), TreeMap::new, TreeMap::new)
                  .put(id, revocation);
        }
      }
      case Statement.Alert it -> {
        keep(envelope);
        addAlert(id, it);
      }
      case Statement.Registration it -> addRegistration(Seen.of(envelope, it, firstSeenMillis));
      case Statement.Endorsement it -> {
        keep(envelope);
        ownFile(it.alert()).addEndorsement(id);
      }
      case Statement.Dispute it ->
          ownFile(it.alert()).addDispute(Seen.of(envelope, it, firstSeenMillis));
      case Statement.Recall it ->
          recalls
              .change(it.statement(), TreeMap::new, TreeMap::new)
              .put(id, Seen.of(envelope, it, firstSeenMillis));
    }
    if (speaker.takeChange() && !(envelope.statement() instanceof Statement.Vouch)) {
      vouches.changed(envelope.issuer());
      spreadFrom(envelope.issuer());
    }
    return filed;
  }

  /// The same id, as the one object that the graph has of it, so that whoever keeps an id for each
  /// statement keeps no copies.
  public OrganizationId shared(OrganizationId organization) {
    int number = speakers.roster().find(organization);
    return number < 0 ? organization : speakers.roster().id(number);
  }

  /// The same vouch with scopes and subject that others share.
  private Statement.Vouch shared(Statement.Vouch vouch) {
    return new Statement.Vouch(
        vouch.header(),
        vouches.roster().id(vouches.roster().number(vouch.subject())),
        vouch.roles(),
        scopes.computeIfAbsent(vouch.scopes().toString(), _ -> vouch.scopes()),
        vouch.depth(),
        vouch.vetting());
  }

  private void keep(Envelope envelope) {
    if (archive == null) {
      kept.put(envelope.id(), envelope);
    }
  }

  private Optional<Envelope> find(StatementId id) {
    return archive == null ? Optional.ofNullable(kept.get(id)) : archive.find(id);
  }

  /// @throws IllegalStateException if the archive has lost it
  private <S extends Statement> Seen<S> read(StatementId id, Class<S> kind) {
    Envelope envelope =
        find(id)
            .orElseThrow(
                () -> new IllegalStateException("statement " + id + " was filed, but is not kept"));
    long firstSeenMillis =
        speaker(envelope.issuer()).firstSeenMillis(id, envelope.statement().header()).orElseThrow();
    return Seen.of(envelope, kind.cast(envelope.statement()), firstSeenMillis);
  }

  private void addAlert(StatementId id, Statement.Alert alert) {
    ownFile(id).addAlert(alert.header().expiresAtMillis());
    alert.supersedes().ifPresent(old -> ownFile(old).addSuccessor(id));
    alert.incident().ifPresent(first -> ownFile(first).addFollower(id));
  }

  /// To be added to.
  private AlertFile ownFile(StatementId alert) {
    return alerts.change(alert, AlertFile::new, AlertFile::copy);
  }

  private void addRegistration(Seen<Statement.Registration> registration) {
    registrations.put(registration.id(), registration);
    for (DnsName name : registration.statement().names()) {
      registeredNames.change(name, TreeSet::new, TreeSet::new).add(registration.id());
    }
    addMoments(registration.header(), moments::add);
    moments.add(Registrations.bindsAtMillis(registration));
  }

  /// When what was said begins and ends by itself. When it begins counts even if it had begun when
  /// it was first seen: a clock that is set back and goes on passes that time once more.
  private static void addMoments(Header header, LongConsumer moments) {
    moments.accept(beginsAtMillis(header));
    if (header.expiresAtMillis() != 0) {
      moments.accept(header.expiresAtMillis());
    }
  }

  private void spreadFrom(OrganizationId organization) {
    for (ReachableOrganizations reach : reachable.values()) {
      reach.spreadFrom(organization);
    }
  }

  // ---- what a node carries

  /// S(anchor): the organizations whose statements a node carries for this anchor, as it is now. It
  /// only grows.
  public NavigableSet<OrganizationId> carried(OrganizationId anchor) {
    return reach(anchor).all();
  }

  /// How many organizations [#carried] has: as it only grows, it is the same as long as this is.
  public int carriedCount(OrganizationId anchor) {
    return reach(anchor).size();
  }

  public boolean isCarried(OrganizationId anchor, OrganizationId organization) {
    return reach(anchor).contains(organization);
  }

  public boolean isCarried(SortedSet<OrganizationId> anchors, OrganizationId organization) {
    for (OrganizationId anchor : anchors) {
      if (reach(anchor).contains(organization)) {
        return true;
      }
    }
    return false;
  }

  private ReachableOrganizations reach(OrganizationId anchor) {
    return reachable.computeIfAbsent(
        anchor, it -> new ReachableOrganizations(it, settledVouches()));
  }

  /// Stands in [#said] for whatever proves that the key which signed this contradicts itself: an id
  /// that no statement has, and the same for every proof.
  public static StatementId contradictionOf(Envelope envelope) {
    return StatementId.fromBytes(
        Sha256.of(
                CONTRADICTION,
                envelope.issuer().toByteString(),
                envelope.statement().header().key().toByteString())
            .toByteString());
  }

  private static final ByteString CONTRADICTION = ByteString.copyFromUtf8("tocsin contradiction");

  /// What a statement does, as it comes, to what counts in [Said] and in S(anchor).
  ///
  /// @param counted stands for it: its own id; or, where it is the first that proves that its key
  ///   contradicts itself, the mark of that; or nothing
  /// @param discounted counted until now
  public record Filed(Optional<StatementId> counted, List<StatementId> discounted) {
    public static final Filed NOTHING = new Filed(Optional.empty(), List.of());

    public Filed {
      discounted = List.copyOf(discounted);
    }
  }

  /// All that an organization has said, as far as it is here, without what has a rival here, and
  /// with one mark for each key that contradicts itself ([#contradictionOf]). So two nodes that
  /// hold different proofs of that have the same.
  ///
  /// @param idSum the sum of the statements' ids, see [Sha256#plus]
  public record Said(long statements, Sha256 idSum) {
    public static final Said NOTHING = new Said(0, Sha256.ZERO);

    public static Said of(StatementId one) {
      return new Said(1, one.hash());
    }

    /// What it is when that has been filed.
    public Said after(Filed filed) {
      Said after = filed.counted().map(it -> plus(of(it))).orElse(this);
      for (StatementId gone : filed.discounted()) {
        after = new Said(after.statements - 1, after.idSum.minus(gone.hash()));
      }
      return after;
    }

    public Said plus(Said other) {
      return new Said(statements + other.statements, idSum.plus(other.idSum));
    }
  }

  public Said said(OrganizationId organization) {
    return speaker(organization).said();
  }

  /// All that the organizations in [#carried] have said, all of it added up.
  public Said saidFor(OrganizationId anchor) {
    Said all = Said.NOTHING;
    for (OrganizationId organization : carried(anchor)) {
      all = all.plus(said(organization));
    }
    return all;
  }

  /// Whether a node that carries for these anchors carries this statement. `add` does not ask: the
  /// core does.
  public Carriage carriage(Envelope envelope, SortedSet<OrganizationId> anchors, long nowMillis) {
    Header header = envelope.statement().header();
    if (!header.network().equals(network)) {
      return new Carriage.NotCarried("it was made for another network", false);
    }
    if (header.slotIndex() >= slotQuota) {
      return new Carriage.NotCarried("its key has used up its slots of that hour", false);
    }
    if (header.issuedAtMillis() > nowMillis + TrustPolicy.MAX_CLOCK_SKEW_MILLIS) {
      return new Carriage.NotCarried("it is issued in the future", true);
    }
    if (!isCarried(anchors, envelope.issuer())) {
      return new Carriage.NotCarried(
          "nobody whom this node believes has ever vouched for its issuer", true);
    }
    if (rival(envelope).isPresent()) {
      // The pair proves that the key is in two hands or in a careless one, whatever else it says.
      return contradicted(envelope).isEmpty()
          ? new Carriage.NotCarried(
              "it is known already that its key has signed several with its number or slot", false)
          : new Carriage.Carried();
    }
    return everSpoke(envelope)
        ? new Carriage.Carried()
        : new Carriage.NotCarried("its key does not speak for its issuer", true);
  }

  /// The statement and one that is known here prove that its key contradicts itself, and nothing
  /// else here proves it of that one: evidence for which nobody's word has to be taken.
  public boolean isEvidence(Envelope envelope) {
    return envelope.statement().header().network().equals(network)
        && !contradicted(envelope).isEmpty();
  }

  /// A statement that is here and shares its number or its slot with this one, whether that is here
  /// or not; empty if there is none. What has a rival here does not count in [#said].
  public Optional<StatementId> rival(Envelope envelope) {
    Header header = envelope.statement().header();
    return speaker(envelope.issuer()).said(header.key()).rival(envelope.id(), header);
  }

  /// The statements here of which this one, whether it is here or not, is the only rival: they
  /// counted before it came.
  List<StatementId> contradicted(Envelope envelope) {
    Header header = envelope.statement().header();
    return speaker(envelope.issuer()).said(header.key()).contradictedBy(envelope.id(), header);
  }

  /// Some valid profile lets the envelope's keys say this. Never turns back to false.
  private boolean everSpoke(Envelope envelope) {
    Speaker speaker = speaker(envelope.issuer());
    return switch (envelope.statement()) {
      case Statement.Profile it -> speaker.profiles().accepts(Seen.of(envelope, it, 0));
      case Statement.Revocation it when it.target() instanceof Statement.Revoked.Key ->
          speaker.isByRoots(envelope.signers());
      default -> speaker.everSpoke(envelope.statement().header(), KeyUses.of(envelope.statement()));
    };
  }

  // ---- what is known

  /// Grows with every [#add] that changed something.
  public long generation() {
    return generation;
  }

  /// The latest valid profile of an organization.
  public Optional<Statement.Profile> profile(OrganizationId organization) {
    return speaker(organization).profiles().latest().map(Seen::statement);
  }

  /// The ids of the profile's versions from the genesis to the latest valid one: what a card
  /// carries. Empty if no valid profile is known.
  public List<StatementId> profileIds(OrganizationId organization) {
    return speaker(organization).profiles().lineage().stream().map(Seen::id).toList();
  }

  /// Organizations with a valid profile, ascending.
  public NavigableSet<OrganizationId> organizations() {
    TreeSet<OrganizationId> all = new TreeSet<>();
    Roster roster = speakers.roster();
    for (int number = 0; number < roster.size(); number++) {
      if (speakers.of(number).profiles().latest().isPresent()) {
        all.add(roster.id(number));
      }
    }
    return all;
  }

  /// The organization's latest profile lists this key for this use at this time, and it is not
  /// revoked at all: what a TLS handshake asks of a node's key.
  public boolean isKeyInUse(OrganizationId organization, KeyId key, KeyUse use, long nowMillis) {
    Speaker speaker = speaker(organization);
    return speaker.profiles().latestLists(key, use, nowMillis)
        && !speaker.isRevoked(key)
        && !speaker.isSuspended(key);
  }

  /// A key that has signed two different statements with one number or one slot, and is suspended
  /// for it: what it started from the lower of their numbers on is void.
  public record Suspension(
      OrganizationId organization,
      KeyId key,
      StatementId first,
      StatementId second,
      long fromSequence,
      long sinceMillis) {}

  /// All suspended keys, by organization.
  public List<Suspension> suspensions() {
    List<Suspension> all = new ArrayList<>();
    for (OrganizationId organization : doubtful) {
      Speaker speaker = speaker(organization);
      for (KeyId key : speaker.equivocators()) {
        KeyChain.Equivocation it = speaker.said(key).equivocations().getFirst();
        all.add(
            new Suspension(
                organization, key, it.first(), it.second(), it.fromSequence(), it.sinceMillis()));
      }
    }
    return all;
  }

  /// What has become of one key.
  ///
  /// @param state "root", "in use", "not yet", "expired", "revoked", "suspended", or "dropped"
  ///   where only an older profile lists it
  /// @param slotsUsed in the hour of `nowMillis`
  public record KeyStanding(KeyId key, String state, int statements, int slotsUsed, boolean root) {}

  /// The keys that any valid profile of an organization ever listed, ascending.
  public List<KeyStanding> keys(OrganizationId organization, long nowMillis) {
    Speaker speaker = speaker(organization);
    List<KeyStanding> all = new ArrayList<>();
    speaker
        .profiles()
        .keyStates(nowMillis)
        .forEach((key, listed) -> {
          KeyChain said = speaker.said(key);
          String state =
              speaker.isRevoked(key)
                  ? "revoked"
                  : speaker.isSuspended(key) ? "suspended" : listed.state();
          all.add(
              new KeyStanding(
                  key,
                  state,
                  said.size(),
                  said.slotsUsed(nowMillis / Header.HOUR_MILLIS),
                  listed.root()));
        });
    return all;
  }

  /// A vouch, and what has become of it.
  ///
  /// @param state "in force", "withdrawn" (or void, because its key was revoked), "expired", or
  ///   "void" when its key does not speak for its issuer any more
  /// @param depth how many vouches may follow; -1 if it does not give the vetter's role
  public record VouchStanding(
      StatementId id,
      OrganizationId subject,
      String state,
      long expiresAtMillis,
      boolean submitter,
      int depth,
      List<DnsName> scopes) {
    public VouchStanding {
      scopes = List.copyOf(scopes);
    }
  }

  /// All vouches that this organization ever gave, ascending by subject.
  public List<VouchStanding> vouches(OrganizationId issuer, long nowMillis) {
    List<VouchStanding> all = new ArrayList<>();
    for (Vouching it : speaker(issuer).vouchings()) {
      String state =
          it.stoppedAtMillis() != Long.MAX_VALUE
              ? "withdrawn"
              : nowMillis >= it.expiresAtMillis()
                  ? "expired"
                  : it.listedNow() ? "in force" : "void";
      all.add(
          new VouchStanding(
              it.id(),
              it.subject(),
              state,
              it.expiresAtMillis(),
              it.submitting(),
              it.vettingDepth(),
              it.scopes()));
    }
    return all;
  }

  /// Ids of all vouches that an organization ever gave for another one, ascending.
  public List<StatementId> vouchIds(OrganizationId issuer, OrganizationId subject) {
    return speaker(issuer).vouchingsFor(subject).stream().map(Vouching::id).toList();
  }

  /// Ids of all alerts here, ascending.
  public NavigableSet<StatementId> alerts() {
    return alertsEndingAfter(Long.MIN_VALUE);
  }

  /// Ids of the alerts here that by their own word last longer than this, ascending.
  public NavigableSet<StatementId> alertsEndingAfter(long millis) {
    return new TreeSet<>(alerts.keys(file -> file.hasAlertEndingAfter(millis)));
  }

  /// The alerts whose judgement this statement may have changed, ascending: those it speaks of, or
  /// all where it speaks of the web itself.
  public NavigableSet<StatementId> touched(Envelope envelope) {
    if (isOfTheWeb(envelope)) {
      return alerts();
    }
    TreeSet<StatementId> touched = new TreeSet<>();
    switch (envelope.statement()) {
      case Statement.Alert _ -> touch(envelope.id(), touched);
      case Statement.Endorsement it -> touch(it.alert(), touched);
      case Statement.Dispute it -> touch(it.alert(), touched);
      case Statement.Recall it -> touch(subject(it.statement()), touched);
      case Statement.Profile _,
          Statement.Vouch _,
          Statement.VouchWithdrawal _,
          Statement.Revocation _,
          Statement.Registration _ ->
          throw new AssertionError("these are of the web");
    }
    return touched;
  }

  /// The alert that this statement endorses, or else itself.
  private StatementId subject(StatementId id) {
    return find(id)
        .filter(it -> it.statement() instanceof Statement.Endorsement)
        .map(it -> ((Statement.Endorsement) it.statement()).alert())
        .orElse(id);
  }

  /// An alert, the one that it replaces, and those of its incident, which it may close.
  private void touch(StatementId id, NavigableSet<StatementId> touched) {
    Optional<Seen<Statement.Alert>> alert = alert(id);
    if (alert.isPresent()) {
      touched.add(id);
      alert.get().statement().supersedes().filter(this::isAlert).ifPresent(touched::add);
      alert.get().statement().incident().ifPresent(first -> touchIncident(first, touched));
    }
  }

  private void touchIncident(StatementId first, NavigableSet<StatementId> touched) {
    if (isAlert(first)) {
      touched.add(first);
    }
    touched.addAll(alertFile(first).followers());
  }

  private boolean isAlert(StatementId id) {
    return alertFile(id).hasAlert();
  }

  /// Ids of the endorsements and disputes of an alert that are here.
  public List<StatementId> saidOf(StatementId alert) {
    List<StatementId> all = new ArrayList<>();
    endorsementsOf(alert).forEach(it -> all.add(it.id()));
    all.addAll(alertFile(alert).disputes().keySet());
    return all;
  }

  /// Nobody will judge this alert any more, as far as the caller knows: memory is better used. It
  /// changes no answer.
  public void settled(StatementId alert) {
    alertFile(alert).forgetWhatWasRead();
  }

  /// The next moment after this one at which something of the web begins or ends by itself.
  OptionalLong nextMoment(long nowMillis) {
    return moments.higher(nowMillis);
  }

  /// The next moment after this one at which something that was said about this alert begins or
  /// ends by itself, or what ends the alert begins; empty if the graph does not hold it. Nothing
  /// else of a single alert depends on time: what has ended it has ended it for good ([Endings]).
  ///
  /// @param overrideMaxMillis the policy's limit on the life of overrides
  OptionalLong nextMoment(StatementId id, long nowMillis, long overrideMaxMillis) {
    Optional<Seen<Statement.Alert>> held = alert(id);
    if (held.isEmpty()) {
      return OptionalLong.empty();
    }
    Statement.Alert alert = held.get().statement();
    LongStream.Builder all = LongStream.builder();
    addMoments(alert.header(), all);
    if (alert.action() instanceof Statement.OverrideAction) {
      all.add(alert.header().issuedAtMillis() + overrideMaxMillis);
    }
    endorsementsOf(id).forEach(it -> addMoments(it.header(), all));
    Stream.of(alertFile(id).successors(), alertFile(alert.incident().orElse(id)).followers())
        .flatMap(Collection::stream)
        .flatMap(it -> alert(it).stream())
        .forEach(it -> all.add(beginsAtMillis(it.header())));
    return all.build().filter(it -> it > nowMillis).min();
  }

  /// Clocks may differ by that much.
  private static long beginsAtMillis(Header header) {
    return header.issuedAtMillis() - TrustPolicy.MAX_CLOCK_SKEW_MILLIS;
  }

  // ---- for the judge

  /// Not to be changed.
  Speaker speaker(OrganizationId organization) {
    return speakers.of(organization);
  }

  /// Ready to be asked.
  Vouches settledVouches() {
    vouches.settle();
    return vouches;
  }

  /// Puts all vouches into one table, which the graph else does when it is worth it. Changes no
  /// answer.
  void pack() {
    vouches.pack();
  }

  /// How much memory the arrays of the packed vouches take, which forks share.
  public long vouchTableBytes() {
    return vouches.table().sizeBytes();
  }

  /// Organizations that ever vouched for this one, ascending.
  public NavigableSet<OrganizationId> vouchersOf(OrganizationId subject) {
    return vouches.issuersFor(subject);
  }

  /// Registrations of a name at or above some of these, ascending.
  NavigableSet<StatementId> registrationsOf(List<DnsName> names) {
    TreeSet<StatementId> found = new TreeSet<>();
    if (!registeredNames.isEmpty()) {
      for (DnsName name : names) {
        for (Optional<DnsName> at = Optional.of(name); at.isPresent(); at = at.get().parent()) {
          TreeSet<StatementId> here = registeredNames.get(at.get());
          if (here != null) {
            found.addAll(here);
          }
        }
      }
    }
    return found;
  }

  Optional<Seen<Statement.Registration>> registration(StatementId id) {
    return Optional.ofNullable(registrations.get(id));
  }

  /// Ids of all registrations here, ascending.
  public NavigableSet<StatementId> registrations() {
    TreeSet<StatementId> all = new TreeSet<>();
    registrations.forEach((id, _) -> all.add(id));
    return all;
  }

  Optional<Seen<Statement.Alert>> alert(StatementId id) {
    return alertFile(id).alert(() -> read(id, Statement.Alert.class));
  }

  /// Endorsements of this alert or registration, ascending by id.
  Collection<Seen<Statement.Endorsement>> endorsementsOf(StatementId id) {
    return alertFile(id).endorsements(it -> read(it, Statement.Endorsement.class));
  }

  /// Not to be changed.
  AlertFile alertFile(StatementId id) {
    AlertFile file = alerts.get(id);
    return file == null ? AlertFile.EMPTY : file;
  }

  /// Recalls of this statement, by whomever.
  Iterable<Seen<Statement.Recall>> recallsOf(StatementId statement) {
    TreeMap<StatementId, Seen<Statement.Recall>> all = recalls.get(statement);
    return all == null ? List.of() : all.values();
  }

  /// Ascending by subject.
  void forEachOrganizationRevoked(
      BiConsumer<OrganizationId, SortedMap<StatementId, Seen<Statement.Revocation>>> action) {
    organizationRevocations.forEach(action);
  }
}
