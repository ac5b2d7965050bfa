package tocsin.node.core;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What the node knows of the resolvers beside it: whether each can be reached, and which serial of
/// the overlay it holds.
final class ResolverBook {
  static final class Beside {
    final String name;

    /// Unknown until it first answered or failed.
    boolean asked;

    boolean up;
    String detail = "";
    OptionalLong heldSerial = OptionalLong.empty();

    /// The serial that it should hold; 0: none is published yet.
    long wantedSerial;

    /// Since when it has not held the newest one; Long.MAX_VALUE if it does.
    long behindSinceNanos = Long.MAX_VALUE;

    /// A read of the serial that is under way; 0: none.
    long ticket;

    long nextPollNanos;
    int polls;

    Beside(String name) {
      this.name = name;
    }

    boolean holds(long serial) {
      // RFC 1982: the held serial is the same or later.
      return heldSerial.isPresent() && (int) (heldSerial.getAsLong() - serial) >= 0;
    }
  }

  private final TreeMap<String, Beside> resolvers = new TreeMap<>();

  ResolverBook(List<String> names) {
    for (String name : names) {
      resolvers.put(name, new Beside(name));
    }
  }

  Collection<Beside> all() {
    return resolvers.values();
  }

  Beside get(String name) {
    Beside beside = resolvers.get(name);
    if (beside == null) {
      throw new AssertionError("no resolver " + name);
    }
    return beside;
  }

  boolean isEmpty() {
    return resolvers.isEmpty();
  }

  boolean has(Beside beside) {
    return resolvers.get(beside.name) == beside;
  }

  /// False if it is here already.
  boolean add(String name) {
    return resolvers.putIfAbsent(name, new Beside(name)) == null;
  }

  /// Of what it still answers nobody takes notice.
  void remove(String name) {
    resolvers.remove(name);
  }

  /// Read the serial back soon: a new one has been published.
  void published(long serial, Turn turn) {
    for (Beside beside : resolvers.values()) {
      beside.wantedSerial = serial;
      beside.behindSinceNanos = Math.min(beside.behindSinceNanos, turn.nanos());
      beside.polls = 0;
      beside.nextPollNanos = turn.after(Limits.SERIAL_POLL_MIN_MILLIS);
    }
  }

  void held(Beside beside, OptionalLong serial, boolean awaited, Turn turn) {
    beside.asked = true;
    beside.up = true;
    beside.detail = "";
    beside.heldSerial = serial;
    if (beside.wantedSerial != 0 && beside.holds(beside.wantedSerial)) {
      beside.behindSinceNanos = Long.MAX_VALUE;
    }
    beside.polls++;
    beside.nextPollNanos =
        turn.after(
            awaited
                ? Backoff.millis(
                    beside.polls,
                    Limits.SERIAL_POLL_MIN_MILLIS,
                    beside.polls <= Limits.CLOSE_POLLS
                        ? Limits.CLOSE_POLL_MAX_MILLIS
                        : Limits.SERIAL_POLL_MAX_MILLIS)
                : Limits.RESOLVER_CHECK_MILLIS);
  }

  void failed(Beside beside, String reason, Turn turn) {
    beside.asked = true;
    beside.up = false;
    beside.detail = reason;
    beside.heldSerial = OptionalLong.empty();
    beside.polls++;
    beside.nextPollNanos =
        turn.after(
            Backoff.millis(beside.polls, Limits.RETRY_MIN_MILLIS, Limits.SERIAL_POLL_MAX_MILLIS));
  }
}
