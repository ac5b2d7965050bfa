package tocsin.node.resolver;

import java.time.Duration;

/// Every limit of this package, with its reason.
final class ResolverLimits {
  /// Connecting to a control channel on this machine or beside it: it takes a millisecond, or the
  /// resolver is down.
  static final Duration CONTROL_CONNECT = Duration.ofSeconds(2);

  /// One control command from connect to the end of the answer. unbound walks its whole cache for a
  /// flush: 287 ms at 200,000 names were measured.
  static final Duration CONTROL_COMMAND = Duration.ofSeconds(5);

  /// A resolver that still holds an older overlay this long after it was seen to is told to ask: a
  /// transfer takes milliseconds.
  static final Duration BEHIND = Duration.ofMillis(500);

  /// How long a flush may wait for the flushes before it.
  static final Duration FLUSH_QUEUE = Duration.ofSeconds(10);

  /// An answer of a control channel. `list_auth_zones` has about 40 bytes a zone.
  static final int CONTROL_ANSWER_BYTES = 1 << 20;

  /// unbound reads 1,024 bytes of command; a longer one is our fault.
  static final int CONTROL_COMMAND_BYTES = 1_024;

  /// PEM files: a 16,384-bit RSA key has 13 kB.
  static final int PEM_BYTES = 64 << 10;

  /// How much of a foreign text a message may repeat.
  static final int SHOWN_CHARACTERS = 120;

  /// Addresses of one correction: 16 of the longest and the longest name fit into one control
  /// command, and any right server will do.
  static final int CORRECT_ADDRESSES = 16;

  /// How long a negative trust anchor lives where the resolver can be told so. The node renews it
  /// every few minutes; nothing of a dead node's may outlive an hour.
  static final Duration INSECURE = Duration.ofMinutes(50);

  /// A probe from question to answer. It may need a resolution from the root in the resolver.
  static final Duration PROBE = Duration.ofSeconds(3);

  /// A lost UDP packet is noticed after this, twice as long at each further try.
  static final Duration FIRST_TRY = Duration.ofMillis(400);

  /// UDP answers we ask for: what passes every network without fragments (DNS flag day 2020).
  static final int UDP_ANSWER_BYTES = 1_232;

  /// A whole check of one name: it runs before a flush that is no hurry, but must end.
  static final Duration CHECK = Duration.ofSeconds(15);

  /// One name server in a check: a slow one must not use up the time of the others.
  static final Duration CHECK_SERVER = Duration.ofMillis(1_500);

  /// Questions of one check. A delegation with 13 name servers and 6 types costs about 100.
  static final int CHECK_QUESTIONS = 200;

  /// Zone cuts from the root to the name: more than any name in use has.
  static final int CHECK_REFERRALS = 16;

  /// Name servers without glue are looked up from the root again; theirs may be so too.
  static final int CHECK_DEPTH = 4;

  /// Servers of the parent that are asked, and of the zone itself: `com.` has 13.
  static final int CHECK_SERVERS = 13;

  /// Types asked for in one check.
  static final int CHECK_TYPES = 16;

  private ResolverLimits() {}
}
