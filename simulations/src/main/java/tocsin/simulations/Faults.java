package tocsin.simulations;

import static tocsin.simulations.Agenda.MILLI;

import java.util.random.RandomGenerator;

/// How bad the world is. While faults are on, everything here happens with the given chance; when
/// they are off, the network is only slow.
///
/// @param latencyMinNanos the shortest way between two nodes, one direction
/// @param latencyMaxNanos the longest
/// @param jitterNanos at most this much more, frame by frame
/// @param loss chance that a segment is lost and comes one retransmission later; each again
/// @param streamBreak chance, per frame, that the stream breaks instead
/// @param halfOpen chance that nobody tells the other end of a stream that its peer has crashed
/// @param notifyLost chance that a resolver does not hear of a new serial and finds it at its
///   refresh
/// @param resolverSlow chance that an operation on a resolver takes a hundred times as long
/// @param resolverFails chance that it comes to nothing
/// @param resolverLies chance that a resolver says what is not so
record Faults(
    long latencyMinNanos,
    long latencyMaxNanos,
    long jitterNanos,
    double loss,
    double streamBreak,
    double halfOpen,
    double notifyLost,
    double resolverSlow,
    double resolverFails,
    double resolverLies) {
  /// The retransmission timeout that doubles with every loss (RFC 6298 section 2.4 allows no less
  /// than a second; Linux uses 200 ms).
  static final long RETRANSMISSION_NANOS = 200 * MILLI;

  /// A network that only takes its time.
  static final Faults NONE = new Faults(2 * MILLI, 150 * MILLI, 10 * MILLI, 0, 0, 0, 0, 0, 0, 0);

  /// Whoever crashes takes no leave of anybody.
  static final Faults HALF_OPEN =
      new Faults(2 * MILLI, 150 * MILLI, 10 * MILLI, 0, 0, 1, 0, 0, 0, 0);

  /// A bad day.
  static final Faults MANY =
      new Faults(2 * MILLI, 150 * MILLI, 60 * MILLI, 0.08, 0.004, 0.4, 0.15, 0.05, 0.08, 0);

  /// A bad day on which resolvers lie, too.
  static final Faults WORSE =
      new Faults(2 * MILLI, 150 * MILLI, 60 * MILLI, 0.08, 0.004, 0.4, 0.15, 0.05, 0.08, 0.05);

  /// The same where the map says how far it is.
  Faults inTheWorld(long jitter, double lost) {
    return new Faults(
        latencyMinNanos,
        latencyMaxNanos,
        jitter,
        lost,
        streamBreak,
        halfOpen,
        notifyLost,
        resolverSlow,
        resolverFails,
        resolverLies);
  }

  /// How long a segment takes in a stream: jitter, and retransmissions if it is lost, each again.
  long travelNanos(long latencyNanos, RandomGenerator chance) {
    long nanos = latencyNanos + chance.nextLong(jitterNanos + 1);
    long timeout = RETRANSMISSION_NANOS;
    while (chance.nextDouble() < loss) {
      nanos += timeout;
      timeout *= 2;
    }
    return nanos;
  }
}
