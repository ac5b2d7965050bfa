package tocsin.node.dns;

import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;

/// How many UDP answers a network may have, and how long: two token buckets per IPv4 /24 or IPv6
/// /56, in a table of fixed size. Belongs to one thread.
///
/// - Answers per second. Loopback is not limited: nobody outside can forge it.
/// - Bytes: each question earns three times its own length, and an answer costs its length. What is
///   longer than what was earned comes "truncated", so that over UDP nobody can make us send a
///   third party more than three times what he sends us.
final class RateLimit {
  private static final long NANOS_PER_ANSWER = 1_000_000_000L / Limits.ANSWERS_PER_SECOND;
  private static final long BURST_NANOS = NANOS_PER_ANSWER * Limits.ANSWER_BURST;
  private static final int IPV4_NETWORK_BYTES = 3;
  private static final int IPV6_NETWORK_BYTES = 7;

  /// For each bucket the moment at which it will be full again, by the nano clock.
  private final long[] fullAt = new long[Limits.RATE_BUCKETS];

  /// So that nobody can choose whose bucket to share.
  private final int seed = ThreadLocalRandom.current().nextInt();

  /// Bytes of answers that each network has earned and not yet had.
  private final int[] credit = new int[Limits.RATE_BUCKETS];

  private int overLimit;

  /// What to do with a request.
  enum Ruling {
    ANSWER,
    /// Over the limit, but shown the way to TCP or to a cookie.
    SLIP,
    DROP
  }

  RateLimit(long nowNanos) {
    java.util.Arrays.fill(fullAt, nowNanos);
  }

  /// Earns for a question; what the network has then, at least as much as the question.
  int credit(int bucket, int questionBytes) {
    int earned = credit[bucket] + Limits.AMPLIFICATION * questionBytes;
    credit[bucket] = Math.min(Limits.UDP_CREDIT_BYTES, earned);
    return credit[bucket];
  }

  /// Takes what an answer to a client that is not proven has cost.
  void spend(int bucket, int bytes) {
    credit[bucket] = Math.max(0, credit[bucket] - bytes);
  }

  /// @param bucket the client's
  Ruling rule(InetAddress client, int bucket, long nowNanos) {
    if (client.isLoopbackAddress()) {
      return Ruling.ANSWER;
    }
    long full = Math.max(0, fullAt[bucket] - nowNanos) + NANOS_PER_ANSWER;
    if (full <= BURST_NANOS) {
      fullAt[bucket] = nowNanos + full;
      return Ruling.ANSWER;
    }
    return ++overLimit % Limits.RATE_SLIP == 0 ? Ruling.SLIP : Ruling.DROP;
  }

  /// The network's place in the tables.
  int bucket(InetAddress client) {
    byte[] address = client.getAddress();
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
