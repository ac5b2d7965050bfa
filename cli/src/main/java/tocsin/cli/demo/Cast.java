package tocsin.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.NodeFolder;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.trust.DnsName;
import tocsin.trust.Role;
import tocsin.trust.Statement;

/// All who play: the organizations, their nodes, and how they come to believe each other.
final class Cast {
  static final String NETWORK = "test";

  /// Resolvers in the story where there are no more kinds.
  private static final int USUAL = 3;

  /// Beyond so many nodes nobody is connected to all.
  private static final int ENOUGH_PEERS = 8;

  private static final long VOUCH_MILLIS = Duration.ofDays(365).toMillis();

  private final Path folder;
  private final Init init;
  private final LabInternet lab;
  private final Backing backing;
  private final Together together;
  private final List<Member> members = new ArrayList<>();

  private final Map<String, String> settings;

  /// @param folder where everybody's folder comes to be
  /// @param settings what stands in no configuration file, as after `--set`
  Cast(
      Path folder,
      Init init,
      LabInternet lab,
      Backing backing,
      Closer closer,
      Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
    this.folder = folder;
    this.init = init;
    this.lab = lab;
    this.backing = backing;
    this.together = closer.keep(new Together());
  }

  /// Everybody but the criminals is founded and starts, all at the same time.
  void assemble(int nodes) throws NotSeen, InterruptedException, IOException {
    List<Part> parts =
        new ArrayList<>(List.of(Part.FINANCE, Part.CIVIC, Part.ISP, Part.SECURITY, Part.FARAWAY));
    int kinds = backing.kinds().size();
    if (kinds > USUAL) {
      // As many nodes with resolvers as there are kinds of them.
      parts.set(1, Part.CIVIC.withResolver());
    }
    for (int i = 1; parts.size() < nodes; i++) {
      parts.add(Part.bystander(i));
    }
    List<Integer> ports = FreePorts.find(2 * parts.size());
    // Everybody knows where the trust organizations are, and learns the rest from them.
    List<HostPort> known = List.of(local(ports.get(0)), local(ports.get(2)));
    List<Callable<Member>> opening = new ArrayList<>();
    int withResolver = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      HostPort gossip = local(ports.get(2 * i));
      HostPort dns = local(ports.get(2 * i + 1));
      int turn = part.resolver() ? withResolver++ : 0;
      opening.add(() -> open(part, turn, gossip, dns, known));
    }
    members.addAll(Parallel.all(opening));
    List<Callable<Boolean>> starting = new ArrayList<>();
    for (Member member : members) {
      starting.add(() -> {
        member.start();
        return true;
      });
    }
    Parallel.all(starting);
  }

  /// One organization alone, its own anchor.
  Member alone() throws NotSeen, InterruptedException, IOException {
    List<Integer> ports = FreePorts.find(2);
    Member member =
        Parallel.all(
                List.<Callable<Member>>of(() ->
                    open(Part.FINANCE, 0, local(ports.get(0)), local(ports.get(1)), List.of())))
            .getFirst();
    members.add(member);
    member.start();
    member.anchor(member);
    return member;
  }

  /// The criminals' node: it dials whom it can.
  Member intruder() throws NotSeen, InterruptedException, IOException {
    List<Integer> ports = FreePorts.find(2);
    List<HostPort> known = List.of(isp().gossip(), faraway().gossip());
    Member hijacker =
        Parallel.all(
                List.<Callable<Member>>of(
                    () -> open(Part.HIJACKER, 0, local(ports.get(0)), local(ports.get(1)), known)))
            .getFirst();
    hijacker.start();
    return hijacker;
  }

  /// @param turn how many nodes before it have a resolver
  private Member open(Part part, int turn, HostPort gossip, HostPort dns, List<HostPort> known)
      throws Exception {
    Optional<LabResolver> resolver = Optional.empty();
    if (part.resolver()) {
      InetSocketAddress primary =
          new InetSocketAddress(InetAddress.ofLiteral(dns.host()), dns.port());
      resolver = Optional.of(backing.start(turn, lab, primary));
    }
    Member member;
    try {
      member = found(part, gossip, dns, known, resolver);
      together.add(member);
    } catch (IOException | KeyFileException | RuntimeException e) {
      resolver.ifPresent(LabResolver::close);
      throw e;
    }
    member.open(settings);
    return member;
  }

  private Member found(
      Part part,
      HostPort gossip,
      HostPort dns,
      List<HostPort> known,
      Optional<LabResolver> resolver)
      throws IOException, KeyFileException {
    Init.Answers answers =
        new Init.Answers(
            part.organization(),
            part.name(),
            NETWORK,
            gossip,
            dns,
            known.stream().filter(address -> !address.equals(gossip)).toList());
    return Member.found(
        init, new NodeFolder(folder.resolve(part.name())), part, answers, resolver, lab);
  }

  private static HostPort local(int port) {
    return new HostPort("127.0.0.1", port);
  }

  /// The operators choose the two trust organizations as anchors; these vouch for the others, each
  /// for its own.
  void introduce(DnsName victim) {
    for (Member member : members) {
      member.anchor(finance());
      member.anchor(civic());
    }
    vouch(finance(), isp(), List.of(Role.SUBMITTER), victim);
    vouch(civic(), security(), List.of(Role.SUBMITTER), DnsName.ROOT);
    vouch(civic(), faraway(), List.of(Role.SUBMITTER), DnsName.ROOT);
    for (Member bystander : bystanders()) {
      vouch(civic(), bystander, List.of(Role.SUBMITTER), DnsName.parse("bystander.test."));
    }
  }

  private static void vouch(Member issuer, Member subject, List<Role> roles, DnsName scope) {
    issuer.say(
        VOUCH_MILLIS,
        header ->
            new Statement.Vouch(header, subject.id(), roles, List.of(scope), 0, "known in person"));
    issuer.hand(subject.profile());
  }

  /// Everybody is connected with everybody, or in a larger cast with enough of them, and believes
  /// all that were vouched for.
  boolean isAssembled() {
    for (Member member : members) {
      boolean knows =
          member.ask(core ->
              core.view().peerCount() - core.view().guestCount()
                      >= Math.min(members.size() - 1, ENOUGH_PEERS)
                  && members.stream()
                      .allMatch(other ->
                          core.judge().explain(other.id(), core.nowMillis()).hasStanding()));
      if (!knows) {
        return false;
      }
    }
    return true;
  }

  /// The resolvers beside the nodes hold the overlay as it is now.
  boolean overlaysAreHeld() {
    for (Member member : withResolver()) {
      boolean held =
          member.ask(core ->
              core.view().resolvers().stream()
                  .allMatch(line -> line.up() && line.serial() == core.view().overlaySerial()));
      if (!held) {
        return false;
      }
    }
    return true;
  }

  List<Member> members() {
    return members;
  }

  List<Member> withResolver() {
    return members.stream().filter(member -> member.resolver().isPresent()).toList();
  }

  Member finance() {
    return members.get(0);
  }

  Member civic() {
    return members.get(1);
  }

  Member isp() {
    return members.get(2);
  }

  Member security() {
    return members.get(3);
  }

  Member faraway() {
    return members.get(4);
  }

  private List<Member> bystanders() {
    return members.subList(5, members.size());
  }

  /// Nodes take a second or two to say goodbye: all at the same time.
  private static final class Together implements AutoCloseable {
    private final List<Member> opened = new ArrayList<>();
    private boolean closed;

    synchronized void add(Member member) {
      if (closed) {
        throw new IllegalStateException("the demonstration was stopped");
      }
      opened.add(member);
    }

    private synchronized List<Member> takeAll() {
      closed = true;
      List<Member> all = List.copyOf(opened);
      opened.clear();
      return all;
    }

    @Override
    public void close() throws NotSeen {
      List<Callable<Boolean>> closing = new ArrayList<>();
      for (Member member : takeAll()) {
        closing.add(() -> {
          member.close();
          return true;
        });
      }
      try {
        Parallel.all(closing);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
