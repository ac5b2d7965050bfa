package tocsin.node.lab;

import java.time.Duration;

/// Every limit of the lab, with its reason.
final class LabLimits {
  /// TTL of all that the lab serves: the 48 hours of December 2008.
  static final long TTL_SECONDS = 172_800;

  /// Answers over UDP: what passes every network without fragments (DNS flag day 2020).
  static final int UDP_ANSWER_BYTES = 1_232;

  /// A UDP query cannot be longer than this and still be one we care for.
  static final int UDP_QUERY_BYTES = 4_096;

  /// Queries worked on at once by one server: a flood then waits in the socket's buffer.
  static final int QUERIES_AT_ONCE = 256;

  /// A TCP client that says nothing for so long is let go.
  static final int TCP_IDLE_MILLIS = 10_000;

  /// TCP connections of one server at once.
  static final int TCP_CONNECTIONS = 64;

  /// Blocks 127.N.53.0/24 that are tried before the lab gives up: that many test runs can share a
  /// machine.
  static final int ADDRESS_BLOCKS = 32;

  /// One question to one server: loopback answers in a millisecond, a stopped server never.
  static final Duration QUERY_TIMEOUT = Duration.ofMillis(800);

  /// Questions that one resolution may cost: the lab needs four; a loop must end.
  static final int QUERIES_PER_RESOLUTION = 40;

  /// Aliases followed in one resolution, as most resolvers do (unbound: 11).
  static final int ALIASES = 11;

  /// Entries of the embedded resolver's cache: enough for 200,000 prefilled names.
  static final int CACHE_ENTRIES = 400_000;

  /// A control command: unbound's own limit is 1,024 bytes.
  static final int CONTROL_COMMAND_BYTES = 1_024;

  /// A control connection that does not send its line in this time is closed.
  static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(5);

  /// The overlay zone is asked for at least this seldom, whatever its SOA says: no busy loop on
  /// refresh 0.
  static final Duration REFRESH_MIN = Duration.ofSeconds(1);

  /// After a failed transfer: soon, since a node that starts beside its resolver is ready within
  /// seconds.
  static final Duration RETRY = Duration.ofSeconds(1);

  /// A transfer of the overlay zone from a node on the same machine.
  static final Duration TRANSFER = Duration.ofSeconds(5);

  /// A thread leaves a socket that was closed under it within this time.
  static final Duration THREAD_END = Duration.ofSeconds(2);

  /// A resolver process must answer within this time after its start.
  static final Duration PROCESS_START = Duration.ofSeconds(10);

  /// How often a starting process is looked at.
  static final Duration PROCESS_POLL = Duration.ofMillis(20);

  /// A resolver process that does not end by SIGTERM in this time is killed.
  static final Duration PROCESS_STOP = Duration.ofSeconds(5);

  private LabLimits() {}
}
