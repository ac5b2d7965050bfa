package tocsin.node.core;

import java.util.List;
import tocsin.trust.KeyId;

/// What the beginning of a log amounts to, folded once for many cores whose logs begin with the
/// same statements: ten thousand nodes of a simulation know one directory of ten thousand, and
/// there is one copy of it. It also says what such nodes have measured of each other before.
///
/// For one thread, and for cores of the same network and anchors as the one that it was taken from.
public final class Snapshot {
  /// What was measured in earlier lives; 0 if nothing was.
  public interface Distances {
    /// @return round-trip time in nanoseconds
    long roundTripNanos(String from, String to);
  }

  /// A node of which the directory knows.
  record Listed(String address, KeyId nodeKey) {}

  private final Fold fold;
  private final List<Listed> directory;
  private final Distances distances;

  Snapshot(Fold fold, List<Listed> directory, Distances distances) {
    this.fold = fold;
    this.directory = List.copyOf(directory);
    this.distances = distances;
  }

  /// Statements at the beginning of the log that need not be read again.
  long size() {
    return fold.size();
  }

  /// For a core of its own.
  Fold fold() {
    return fold.fork();
  }

  List<Listed> directory() {
    return directory;
  }

  long roundTripNanos(String from, String to) {
    return distances.roundTripNanos(from, to);
  }
}
