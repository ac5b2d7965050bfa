package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tocsin.node.core.Event;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// The world's own DNS, as far as victims go: registries that delegate each domain to the right
/// name servers or to a hijacker's, with a DS record or without. A hijacker's servers go on
/// answering after the repair. Domains are names of two labels.
final class SimulatedWorld {
  static final DnsName APEX = DnsName.of("checkfree.test");
  static final DnsName HOST = DnsName.of("www.checkfree.test");

  /// Addresses that are nobody's special purpose; the rogue one is that of December 2008.
  static final ByteString RIGHT_ADDRESS = address(93, 184, 216, 34);

  static final ByteString RIGHT_SERVER = address(93, 184, 216, 53);
  static final ByteString ROGUE_ADDRESS = address(91, 203, 92, 63);

  /// What a hijacker would have resolvers answer.
  static final Statement.OverrideAction FAKE =
      new Statement.OverrideAction(
          List.of(new CorrectRecord.A(ROGUE_ADDRESS)), List.of(), List.of(), List.of(), false, 300);

  /// TTL of everything, if nothing else is said: as in December 2008.
  static final long TTL_NANOS = 48 * 3_600 * Agenda.SECOND;

  /// TTL of a DS record at a registry such as com.
  static final long DS_TTL_NANOS = 24 * 3_600 * Agenda.SECOND;

  private final Agenda agenda;
  private final RandomGenerator chance;
  private final TreeSet<DnsName> hijacked = new TreeSet<>();

  /// TTL of domains that change theirs often.
  private final TreeMap<DnsName, Long> ttls = new TreeMap<>();

  /// Domains with a DS record at their registry, and those whose servers sign.
  private final TreeSet<DnsName> delegatedSecurely = new TreeSet<>();

  private final TreeSet<DnsName> signing = new TreeSet<>();

  SimulatedWorld(Agenda agenda, Chance chance) {
    this.agenda = agenda;
    this.chance = chance.stream("world");
  }

  static ByteString address(int... bytes) {
    byte[] raw = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      raw[i] = (byte) bytes[i];
    }
    return ByteString.copyFrom(raw);
  }

  /// The registered domain of a name.
  static DnsName domainOf(DnsName name) {
    DnsName domain = name;
    while (domain.labelCount() > 2) {
      domain = domain.parent().orElseThrow();
    }
    return domain;
  }

  void setTtl(DnsName domain, long nanos) {
    ttls.put(domain, nanos);
  }

  /// Of a domain's addresses.
  long ttlNanos(DnsName domain) {
    return ttls.getOrDefault(domain, TTL_NANOS);
  }

  void hijack() {
    hijack(APEX);
  }

  void repair() {
    repair(APEX);
  }

  void hijack(DnsName domain) {
    hijacked.add(domain);
  }

  void repair(DnsName domain) {
    hijacked.remove(domain);
  }

  boolean isHijacked(DnsName domain) {
    return hijacked.contains(domain);
  }

  /// The registry publishes a DS record of the domain, or does so no more.
  void delegateSecurely(DnsName domain, boolean on) {
    if (on) {
      delegatedSecurely.add(domain);
    } else {
      delegatedSecurely.remove(domain);
    }
  }

  boolean hasDs(DnsName domain) {
    return delegatedSecurely.contains(domain);
  }

  /// The domain's own servers sign their answers, or do so no more.
  void sign(DnsName domain, boolean on) {
    if (on) {
      signing.add(domain);
    } else {
      signing.remove(domain);
    }
  }

  boolean isSigned(DnsName domain) {
    return signing.contains(domain);
  }

  /// What an uncached iteration from the root finds, when it has come to its end.
  void checkDelegation(List<DnsName> names, Consumer<Event.Outcome> outcome) {
    agenda.after(
        chance.nextLong(30 * Agenda.MILLI, 400 * Agenda.MILLI),
        () ->
            outcome.accept(
                new Event.Outcome.Delegation(
                    names.stream().anyMatch(name -> isHijacked(domainOf(name)))
                        ? Optional.of("the registry delegates " + names + " to the hijacker")
                        : Optional.empty())));
  }
}
