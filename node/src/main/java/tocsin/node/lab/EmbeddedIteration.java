package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Finds answers as a caching resolver does (RFC 1034 section 5.3.3): from the closest zone whose
/// servers it knows, down. It believes what it is told and keeps it for its TTL.
final class EmbeddedIteration {
  private final EmbeddedCache cache;
  private final List<InetAddress> roots;
  private final int port;

  /// Zones whose servers were set by hand.
  private final Map<Name, List<InetAddress>> stubs = new ConcurrentHashMap<>();

  EmbeddedIteration(EmbeddedCache cache, List<InetAddress> roots, int port) {
    this.cache = cache;
    this.roots = roots;
    this.port = port;
  }

  Map<Name, List<InetAddress>> stubs() {
    return stubs;
  }

  /// How many questions one resolution may still ask.
  static final class Budget {
    private int left = LabLimits.QUERIES_PER_RESOLUTION;

    void spend() throws IOException {
      if (left-- == 0) {
        throw new IOException("too many questions");
      }
    }
  }

  private record Cut(Name zone, List<InetAddress> servers) {}

  /// What is known about a name and type, without following aliases: the records, or the one CNAME
  /// instead of them, or nothing with its SOA.
  ///
  /// @throws IOException if nobody answers, or the way does not end
  EmbeddedCache.Known find(Name name, int type, Budget budget) throws IOException {
    while (true) {
      Optional<EmbeddedCache.Known> known = known(name, type);
      if (known.isPresent()) {
        return known.get();
      }
      Cut cut = closest(name, budget);
      Message answer = ask(cut, name, type, budget);
      if (!learn(cut, name, type, answer)) {
        throw new IOException("the servers of " + cut.zone() + " lead nowhere");
      }
    }
  }

  private Optional<EmbeddedCache.Known> known(Name name, int type) {
    Optional<EmbeddedCache.Known> exact = cache.find(name, type);
    if (exact.isPresent() || type == Type.CNAME) {
      return exact;
    }
    return cache.find(name, Type.CNAME).filter(alias -> !alias.records().isEmpty());
  }

  private Cut closest(Name name, Budget budget) throws IOException {
    for (int strip = 0; strip < name.labels(); strip++) {
      Name zone = new Name(name, strip);
      List<InetAddress> stub = stubs.get(zone);
      if (stub != null) {
        return new Cut(zone, stub);
      }
      Optional<EmbeddedCache.Known> servers = cache.find(zone, Type.NS);
      if (servers.isPresent()) {
        List<InetAddress> addresses = addresses(servers.get().records(), zone, budget);
        if (!addresses.isEmpty()) {
          return new Cut(zone, addresses);
        }
      }
    }
    return new Cut(Name.root, roots);
  }

  private List<InetAddress> addresses(List<Record> servers, Name zone, Budget budget)
      throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (Record record : servers) {
      Name target = ((NSRecord) record).getTarget();
      // A server inside its own zone without glue cannot be asked for its own address.
      List<Record> found =
          target.subdomain(zone)
              ? cache.find(target, Type.A).map(EmbeddedCache.Known::records).orElse(List.of())
              : find(target, Type.A, budget).records();
      for (Record address : found) {
        if (address instanceof ARecord a) {
          addresses.add(a.getAddress());
        }
      }
    }
    return addresses;
  }

  private Message ask(Cut cut, Name name, int type, Budget budget) throws IOException {
    List<InetAddress> servers = new ArrayList<>(cut.servers());
    Collections.shuffle(servers);
    IOException last = new IOException("no server of " + cut.zone() + " is known");
    for (InetAddress server : servers) {
      budget.spend();
      try {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(server, port));
        resolver.setTimeout(LabLimits.QUERY_TIMEOUT);
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        query.getHeader().unsetFlag(Flags.RD);
        Message answer = resolver.send(query);
        if (answer.getRcode() == Rcode.NOERROR || answer.getRcode() == Rcode.NXDOMAIN) {
          return answer;
        }
        last =
            new IOException(
                server.getHostAddress() + " answers " + Rcode.string(answer.getRcode()));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  /// Keeps what the zone's servers may say: names at and below the zone.
  ///
  /// @return whether that was any use for the question
  private boolean learn(Cut cut, Name name, int type, Message answer) {
    Map<Integer, List<Record>> answers = new HashMap<>();
    for (Record record : answer.getSection(Section.ANSWER)) {
      if (record.getName().equals(name)
          && (record.getType() == type || record instanceof CNAMERecord)) {
        answers.computeIfAbsent(record.getType(), each -> new ArrayList<>()).add(record);
      }
    }
    if (!answers.isEmpty()) {
      answers.forEach((each, records) -> cache.learn(name, each, records));
      return true;
    }
    List<Record> referral = new ArrayList<>();
    for (Record record : answer.getSection(Section.AUTHORITY)) {
      if (record instanceof SOARecord soa && name.subdomain(soa.getName())) {
        cache.learnNothing(
            name, type, answer.getRcode(), soa, Math.min(soa.getTTL(), soa.getMinimum()));
        return true;
      }
      boolean down =
          record.getName().subdomain(cut.zone())
              && record.getName().labels() > cut.zone().labels()
              && name.subdomain(record.getName());
      if (record instanceof NSRecord && down) {
        referral.add(record);
      }
    }
    if (referral.isEmpty()) {
      return false;
    }
    learnReferral(cut, referral, answer);
    return true;
  }

  private void learnReferral(Cut cut, List<Record> referral, Message answer) {
    for (Record record : referral) {
      Name target = ((NSRecord) record).getTarget();
      List<Record> glue = new ArrayList<>();
      for (Record additional : answer.getSection(Section.ADDITIONAL)) {
        if (additional instanceof ARecord
            && additional.getName().equals(target)
            && target.subdomain(cut.zone())) {
          glue.add(additional);
        }
      }
      if (!glue.isEmpty()) {
        cache.learnGlue(target, Type.A, glue);
      }
    }
    cache.learn(referral.getFirst().getName(), Type.NS, referral);
  }
}
