package tocsin.node.dns;

import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;

/// How many UDP answers a network may have: a token bucket per IPv4 /24 or IPv6 /56, in a table of
/// fixed size. Loopback is not limited: nobody outside can forge it. Belongs to one thread.
final class RateLimit {
  private static final long NANOS_PER_ANSWER = 1_000_000_000L / Limits.ANSWERS_PER_SECOND;
  private static final long BURST_NANOS = NANOS_PER_ANSWER * Limits.ANSWER_BURST;
  private static final int IPV4_NETWORK_BYTES = 3;
  private static final int IPV6_NETWORK_BYTES = 7;

  /// For each bucket the moment at which it will be full again, by the nano clock.
  private final long[] fullAt = new long[Limits.RATE_BUCKETS];

  /// So that nobody can choose whose bucket to share.
  private final int seed = ThreadLocalRandom.current().nextInt();

  private int overLimit;

  /// What to do with a request.
  enum Ruling {
    ANSWER,
    TRUNCATE,
    DROP
  }

  RateLimit(long nowNanos) {
    java.util.Arrays.fill(fullAt, nowNanos);
  }

  Ruling rule(InetAddress client, long nowNanos) {
    if (client.isLoopbackAddress()) {
      return Ruling.ANSWER;
    }
    int bucket = bucket(client.getAddress());
    long full = Math.max(0, fullAt[bucket] - nowNanos) + NANOS_PER_ANSWER;
    if (full <= BURST_NANOS) {
      fullAt[bucket] = nowNanos + full;
      return Ruling.ANSWER;
    }
    return ++overLimit % Limits.RATE_SLIP == 0 ? Ruling.TRUNCATE : Ruling.DROP;
  }

  private int bucket(byte[] address) {
    int network = address.length == 4 ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
    int hash = seed;
    for (int i = 0; i < network; i++) {
      hash = (hash ^ address[i]) * 0x01000193;
    }
    hash ^= hash >>> 15;
    hash *= 0x2c1b3c6d;
    return (hash ^ hash >>> 13) & Limits.RATE_BUCKETS - 1;
  }
}
