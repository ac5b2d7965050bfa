package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import tocsin.trust.DnsName;

/// One walk from the root (RFC 1034 section 5.3.3, without its cache): bounded in time, questions
/// and depth, whatever the servers on the way say. Not for several threads.
final class Iteration {
  /// A zone and who serves it, as its parent says; the parent's servers are kept to ask all of them
  /// at the last cut.
  private record Cut(DnsName zone, List<InetAddress> servers, Optional<Cut> parent) {}

  private final RootHints hints;
  private final long deadline = System.nanoTime() + ResolverLimits.CHECK.toNanos();
  private final AtomicInteger questions = new AtomicInteger();

  /// Cuts found in this walk; names of one incident share most of their way.
  private final Map<DnsName, Cut> cuts = new TreeMap<>();

  private final Map<DnsName, List<InetAddress>> lookedUp = new TreeMap<>();

  Iteration(RootHints hints) {
    this.hints = hints;
    cuts.put(DnsName.ROOT, new Cut(DnsName.ROOT, hints.addresses(), Optional.empty()));
  }

  Findings look(DnsName name, Collection<Integer> types) throws ResolverException {
    Cut cut = apex(descend(name, 0), name);
    List<Delegation> delegations =
        cut.parent().isPresent() ? delegations(cut.zone(), cut.parent().get()) : List.of();
    SequencedMap<DnsName, List<InetAddress>> addresses = new LinkedHashMap<>();
    for (Delegation delegation : delegations) {
      for (Map.Entry<DnsName, List<InetAddress>> server : delegation.nameServers().entrySet()) {
        List<InetAddress> known =
            server.getValue().isEmpty() ? lookUp(server.getKey(), 0) : server.getValue();
        SequencedSet<InetAddress> all =
            new LinkedHashSet<>(addresses.getOrDefault(server.getKey(), List.of()));
        all.addAll(known);
        addresses.put(server.getKey(), List.copyOf(all));
      }
    }
    SequencedSet<InetAddress> servers = new LinkedHashSet<>();
    addresses.values().forEach(servers::addAll);
    List<InetAddress> asked = servers.isEmpty() ? cut.servers() : List.copyOf(servers);
    return new Findings(
        name, cut.zone(), delegations, addresses, authoritative(name, cut.zone(), asked, types));
  }

  /// Follows referrals to the zone that the name is in.
  private Cut descend(DnsName name, int depth) throws ResolverException {
    Cut cut = closestKnown(name);
    for (int referrals = 0; referrals < ResolverLimits.CHECK_REFERRALS; referrals++) {
      Optional<Delegation> next = referral(cut, name);
      if (next.isEmpty()) {
        return cut;
      }
      List<InetAddress> servers = new ArrayList<>();
      for (Map.Entry<DnsName, List<InetAddress>> server : next.get().nameServers().entrySet()) {
        servers.addAll(server.getValue());
      }
      if (servers.isEmpty()) {
        for (DnsName server : next.get().nameServers().keySet()) {
          servers.addAll(lookUp(server, depth + 1));
        }
      }
      cut = new Cut(next.get().zone(), List.copyOf(servers), Optional.of(cut));
      cuts.put(cut.zone(), cut);
    }
    throw new ResolverException(
        "the way from the root to "
            + name
            + " has more than "
            + ResolverLimits.CHECK_REFERRALS
            + " zones");
  }

  /// A server of both the parent and the zone never refers from one to the other: the SOA tells the
  /// zone then.
  private Cut apex(Cut cut, DnsName name) {
    for (InetAddress server : limited(cut.servers())) {
      Optional<Message> answer =
          ask(server, new Question(name, Type.SOA)).filter(Iteration::isAuthoritative);
      if (answer.isEmpty()) {
        continue;
      }
      List<Record> records = new ArrayList<>(answer.get().getSection(Section.ANSWER));
      records.addAll(answer.get().getSection(Section.AUTHORITY));
      for (Record record : records) {
        try {
          DnsName owner = DnsData.dnsName(record.getName());
          if (record.getType() == Type.SOA
              && name.isAtOrBelow(owner)
              && owner.isAtOrBelow(cut.zone())) {
            return owner.equals(cut.zone()) ? cut : new Cut(owner, cut.servers(), Optional.of(cut));
          }
        } catch (TextParseException e) {
          // No zone that a name of ours can be in.
        }
      }
      return cut;
    }
    return cut;
  }

  private Cut closestKnown(DnsName name) {
    Optional<DnsName> at = Optional.of(name);
    while (at.isPresent()) {
      Cut cut = cuts.get(at.get());
      if (cut != null) {
        return cut;
      }
      at = at.get().parent();
    }
    throw new AssertionError("the root is known");
  }

  /// Where the first server of the zone that knows something refers us to; empty if it answers
  /// itself.
  private Optional<Delegation> referral(Cut cut, DnsName name) throws ResolverException {
    List<InetAddress> servers = new ArrayList<>(cut.servers());
    Collections.shuffle(servers);
    for (InetAddress server : servers) {
      Optional<Message> answer = ask(server, new Question(name, Type.A));
      if (answer.isEmpty()) {
        continue;
      }
      Optional<Delegation> delegation = Referrals.of(server, answer.get(), cut.zone(), name, false);
      if (delegation.isPresent() || isAuthoritative(answer.get())) {
        return delegation;
      }
    }
    // At the last zone this is a finding ("none of its name servers answers"), above it the end of
    // the road.
    if (cut.parent().isPresent()) {
      return Optional.empty();
    }
    throw new ResolverException(
        "no root server answers at " + shown(cut.servers()) + ", so nothing can be checked");
  }

  private static String shown(List<InetAddress> servers) {
    return String.join(", ", servers.stream().map(InetAddress::getHostAddress).toList());
  }

  private static boolean isAuthoritative(Message answer) {
    return answer.getHeader().getFlag(Flags.AA)
        && (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN);
  }

  /// What all servers of the parent say about the zone.
  private List<Delegation> delegations(DnsName zone, Cut parent) throws ResolverException {
    List<Callable<Optional<Delegation>>> asks = new ArrayList<>();
    for (InetAddress server : limited(parent.servers())) {
      asks.add(() ->
          ask(server, new Question(zone, Type.NS))
              .flatMap(answer ->
                  Referrals.of(server, answer, parent.zone(), zone, isAuthoritative(answer))));
    }
    return all(asks);
  }

  /// The addresses of a name server that came without glue, from the root again. Empty if they
  /// cannot be found: the zone may have other servers.
  private List<InetAddress> lookUp(DnsName server, int depth) throws ResolverException {
    List<InetAddress> known = lookedUp.get(server);
    if (known != null || depth >= ResolverLimits.CHECK_DEPTH) {
      return known == null ? List.of() : known;
    }
    // Put first: a name server whose address leads back to itself finds nothing instead of going on
    // for ever.
    lookedUp.put(server, List.of());
    Cut cut = descend(server, depth + 1);
    List<InetAddress> found = new ArrayList<>();
    for (int type : List.of(Type.A, Type.AAAA)) {
      for (InetAddress address : limited(cut.servers())) {
        Optional<Message> answer =
            ask(address, new Question(server, type)).filter(Iteration::isAuthoritative);
        if (answer.isPresent()) {
          found.addAll(
              Referrals.addresses(answer.get().getSection(Section.ANSWER), DnsData.name(server)));
          break;
        }
      }
    }
    lookedUp.put(server, List.copyOf(found));
    return found;
  }

  private List<Findings.Authoritative> authoritative(
      DnsName name, DnsName zone, List<InetAddress> servers, Collection<Integer> types)
      throws ResolverException {
    List<Callable<Optional<Findings.Authoritative>>> asks = new ArrayList<>();
    for (InetAddress server : limited(servers)) {
      for (Question question : DelegationCheck.questions(name, zone, types)) {
        asks.add(() ->
            ask(server, question)
                .filter(Iteration::isAuthoritative)
                .map(answer -> new Findings.Authoritative(server, Answer.of(question, answer))));
      }
    }
    return all(asks);
  }

  private static List<InetAddress> limited(List<InetAddress> servers) {
    return servers.subList(0, Math.min(servers.size(), ResolverLimits.CHECK_SERVERS));
  }

  /// Results that there are, in the order of the questions.
  private static <T> List<T> all(List<Callable<Optional<T>>> asks) throws ResolverException {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Optional<T>> result : threads.invokeAll(asks)) {
        result.get().ifPresent(results::add);
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a server's answer must not end a check", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ResolverException("the check was called off", e);
    }
    return results;
  }

  /// One question to one server; empty if there is no answer, or nothing left to spend.
  private Optional<Message> ask(InetAddress server, Question question) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    Duration timeout =
        left.compareTo(ResolverLimits.CHECK_SERVER) < 0 ? left : ResolverLimits.CHECK_SERVER;
    if (timeout.isNegative()
        || questions.incrementAndGet() > ResolverLimits.CHECK_QUESTIONS
        || !hints.mayAsk(server)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          DnsExchange.ask(
              new InetSocketAddress(server, hints.port()), question, false, true, timeout));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
