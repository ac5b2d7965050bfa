package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tocsin.node.core.Event;
import tocsin.trust.DnsName;

/// The world's own DNS, as far as one victim goes: a registry that delegates the victim's domain to
/// the right name servers or to a hijacker's. Those go on answering after the repair.
final class SimulatedWorld {
  static final DnsName APEX = DnsName.of("checkfree.test");
  static final DnsName HOST = DnsName.of("www.checkfree.test");

  /// Addresses that are nobody's special purpose; the rogue one is that of December 2008.
  static final ByteString RIGHT_ADDRESS = address(93, 184, 216, 34);

  static final ByteString RIGHT_SERVER = address(93, 184, 216, 53);
  static final ByteString ROGUE_ADDRESS = address(91, 203, 92, 63);

  /// TTL of everything: as in December 2008.
  static final long TTL_NANOS = 48 * 3_600 * Agenda.SECOND;

  private final Agenda agenda;
  private final RandomGenerator chance;
  private boolean hijacked;

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

  void hijack() {
    hijacked = true;
  }

  void repair() {
    hijacked = false;
  }

  boolean isHijacked() {
    return hijacked;
  }

  /// What an uncached iteration from the root finds, when it has come to its end.
  void checkDelegation(List<DnsName> names, Consumer<Event.Outcome> outcome) {
    agenda.after(
        chance.nextLong(30 * Agenda.MILLI, 400 * Agenda.MILLI),
        () ->
            outcome.accept(
                new Event.Outcome.Delegation(
                    hijacked
                        ? Optional.of("the registry delegates " + names + " to the hijacker")
                        : Optional.empty())));
  }
}
