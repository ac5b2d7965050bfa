package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;
import static tocsin.simulations.Agenda.SECOND;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Event;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Role;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Organizations all over the world, each with a node and resolvers, that have known each other for
/// a while: five anchors; vetters that each was vouched for by one anchor; and members that one
/// anchor or one vetter has vouched for. Most nodes have chosen all anchors, some have left one
/// out. Some members may be adversaries.
final class Federation {
  static final int ANCHORS = 5;

  /// As many again: number 5 + a is vouched for by anchor a, and vouches for some of the others.
  static final int VETTERS = 5;

  /// The smallest federations have fewer, and those vouch for nobody.
  private static final int FEW_VETTERS = 3;

  /// From here on there are honest members of more than one descent beside two adversaries.
  static final int MIN_NODES = 10;

  private static final int WITH_ALL_VETTERS = 12;

  private static int vetters(int nodes) {
    return nodes < WITH_ALL_VETTERS ? FEW_VETTERS : VETTERS;
  }

  /// The last of the vetters, an honest one: whom adversaries aim at.
  static int target(int nodes) {
    return ANCHORS + vetters(nodes) - 1;
  }

  private static final int VOUCHES_PER_HOUR = 50;

  /// @param resolversEach beside each honest node
  /// @param hostile which numbers are adversaries; never those of anchors and vetters
  /// @param beside adversaries stand beside this node; empty: anywhere
  record Plan(
      int nodes,
      int resolversEach,
      IntPredicate hostile,
      OptionalInt beside,
      Adversary.Scheme scheme) {
    /// Nobody is an adversary.
    static Plan honest(int nodes, int resolversEach) {
      return new Plan(
          nodes, resolversEach, _ -> false, OptionalInt.empty(), (_, wanted) -> List.of(wanted));
    }

    boolean isHostile(int number) {
      return number >= ANCHORS + vetters(nodes) && hostile.test(number);
    }

    /// The given parts, watched for deliveries too, and adversaries among the nodes.
    Simulation.Parts in(Simulation.Parts parts) {
      return new Simulation.Parts() {
        @Override
        public Optional<java.util.function.Consumer<String>> listener() {
          return parts.listener();
        }

        @Override
        public Watcher watcher(Simulation simulation) {
          return new Deliveries.With(parts.watcher(simulation), new Deliveries());
        }

        @Override
        public SimulatedDisk disk(tocsin.storage.LogId id) {
          return parts.disk(id);
        }

        @Override
        public SimulatedResolver resolver(String name, Simulation simulation) {
          return parts.resolver(name, simulation);
        }

        @Override
        public SimulatedNode node(
            Simulation simulation,
            CoreConfig config,
            List<Envelope> profile,
            SimulatedDisk disk,
            List<SimulatedResolver> resolvers) {
          return isHostile(simulation.nodes().size())
              ? new Adversary(simulation, config, profile, disk, resolvers, scheme)
              : parts.node(simulation, config, profile, disk, resolvers);
        }
      };
    }
  }

  private final Plan plan;
  private final Simulation simulation;
  private final WorldMap map;
  private final RandomGenerator chance;
  private final List<Organization> organizations = new ArrayList<>();

  /// @param simulation made with the plan's parts
  Federation(Plan plan, Simulation simulation) {
    this.plan = plan;
    this.simulation = simulation;
    this.map = new WorldMap(simulation.chance());
    this.chance = simulation.chance().stream("federation");
    simulation.network().setGeography(map);
    for (int i = 0; i < plan.nodes(); i++) {
      organizations.add(new Organization("Organization " + i, addressOf(i), simulation.chance()));
    }
    List<Envelope> directory = directory();
    for (int i = 0; i < plan.nodes(); i++) {
      SimulatedNode node = add(i);
      directory.forEach(envelope -> node.disk().append(envelope, simulation.wallMillis()));
      node.disk().commit();
    }
  }

  private SimulatedNode add(int number) {
    Organization own = organizations.get(number);
    if (plan.isHostile(number) && plan.beside().isPresent()) {
      map.placeBeside(own.address(), organizations.get(plan.beside().getAsInt()).address());
    } else {
      map.place(own.address());
    }
    List<String> resolvers = new ArrayList<>();
    for (int i = 0; i < plan.resolversEach() && !plan.isHostile(number); i++) {
      resolvers.add("resolver-" + number + "-" + i);
    }
    return simulation.add(own.config(List.of(), resolvers), List.of());
  }

  /// All profiles, and the vouches, some an hour, within the quota.
  private List<Envelope> directory() {
    List<Envelope> directory = new ArrayList<>();
    organizations.forEach(it -> directory.add(it.profile()));
    long hours = (long) organizations.size() / ANCHORS / VOUCHES_PER_HOUR + 2;
    for (int i = ANCHORS; i < organizations.size(); i++) {
      long hoursAgo = hours - (long) i / ANCHORS / VOUCHES_PER_HOUR;
      boolean vetter = i < ANCHORS + vetters(plan.nodes());
      directory.add(
          organizations
              .get(voucherOf(i))
              .vouch(
                  simulation.wallMillis() - hoursAgo * Header.HOUR_MILLIS,
                  organizations.get(i),
                  vetter ? List.of(Role.VETTER, Role.SUBMITTER) : List.of(Role.SUBMITTER),
                  List.of(".")));
    }
    return directory;
  }

  /// Every third member was vetted by a vetter, the others by an anchor.
  private int voucherOf(int number) {
    boolean byVetter =
        plan.nodes() >= WITH_ALL_VETTERS && number >= ANCHORS + VETTERS && number % 3 == 0;
    return byVetter ? ANCHORS + number % VETTERS : number % ANCHORS;
  }

  /// The anchor at the beginning of the only path to this organization.
  static int descentOf(int number) {
    return number % ANCHORS;
  }

  /// Starts all nodes within a time.
  void start(long withinNanos) {
    for (int i = 0; i < plan.nodes(); i++) {
      int number = i;
      simulation.agenda().after(chance.nextLong(withinNanos), () -> start(number));
    }
  }

  private void start(int number) {
    SimulatedNode node = node(number);
    node.start();
    for (int a = 0; a < ANCHORS; a++) {
      boolean leftOut = number >= ANCHORS && number % 4 == 3 && a == number / 4 % ANCHORS;
      if (!leftOut) {
        Organization anchor = organizations.get(a);
        String name = "anchor-" + a;
        node.ask(request -> new Event.AnchorAdded(request, anchor.id(), name, List.of()), _ -> {});
      }
    }
  }

  static String addressOf(int number) {
    return "node-" + number + ":7353";
  }

  int size() {
    return plan.nodes();
  }

  Organization organization(int number) {
    return organizations.get(number);
  }

  SimulatedNode node(int number) {
    return simulation.nodes().get(number);
  }

  boolean isHostile(int number) {
    return plan.isHostile(number);
  }

  WorldMap map() {
    return map;
  }

  List<String> addresses() {
    return organizations.stream().map(Organization::address).toList();
  }

  List<SimulatedNode> honest() {
    return simulation.nodes().stream().filter(SimulatedNode::isHonest).toList();
  }

  /// An honest member, drawn; not one of these.
  int member(RandomGenerator draw, List<Integer> others) {
    int number;
    do {
      number = ANCHORS + draw.nextInt(plan.nodes() - ANCHORS);
    } while (isHostile(number) || others.contains(number));
    return number;
  }

  /// An honest member of another descent.
  int endorserFor(RandomGenerator draw, int submitter) {
    int number;
    do {
      number = member(draw, List.of(submitter));
    } while (descentOf(number) == descentOf(submitter));
    return number;
  }

  // ---- what organizations say

  Envelope override(int by, DnsName name, ByteString address, long lifeMillis) {
    return alert(
        by,
        name,
        lifeMillis,
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(address)),
            List.of(),
            List.of(SimulatedWorld.ROGUE_ADDRESS),
            List.of(),
            false,
            300),
        Optional.empty());
  }

  Envelope flush(int by, DnsName name, Optional<StatementId> incident) {
    return alert(by, name, Header.HOUR_MILLIS, new Statement.FlushAction(), incident);
  }

  Envelope alert(
      int by,
      DnsName name,
      long lifeMillis,
      Statement.Action action,
      Optional<StatementId> incident) {
    return alert(by, List.of(name), lifeMillis, action, incident);
  }

  /// @param names ascending
  Envelope alert(
      int by,
      List<DnsName> names,
      long lifeMillis,
      Statement.Action action,
      Optional<StatementId> incident) {
    return organizations
        .get(by)
        .alert(simulation.wallMillis(), lifeMillis, names, action, incident);
  }

  Envelope endorsement(int by, StatementId alert) {
    return organizations
        .get(by)
        .say(
            simulation.wallMillis(),
            24 * Header.HOUR_MILLIS,
            header -> new Statement.Endorsement(header, alert));
  }

  Envelope recall(int by, StatementId statement) {
    return organizations
        .get(by)
        .say(
            simulation.wallMillis(),
            0,
            header -> new Statement.Recall(header, statement, "it is over"));
  }

  /// A name that some victim has.
  static DnsName victim(int number) {
    return DnsName.of("www.victim-" + number + ".test");
  }

  /// Time for streams to be dialled and logs to be compared.
  static final long SETTLED = 20 * SECOND;

  static final long STARTS = 500 * MILLI;
}
