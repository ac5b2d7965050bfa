package tocsin.node.core;

import java.util.List;
import tocsin.storage.LogEntry;
import tocsin.trust.KeyId;
import tocsin.trust.graph.TrustGraph;

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

  private final long size;
  private final TrustGraph graph;
  private final CarriedSets carried;
  private final List<LogEntry> alerts;
  private final List<Listed> directory;
  private final Distances distances;

  Snapshot(
      long size,
      TrustGraph graph,
      CarriedSets carried,
      List<LogEntry> alerts,
      List<Listed> directory,
      Distances distances) {
    this.size = size;
    this.graph = graph;
    this.carried = carried;
    this.alerts = List.copyOf(alerts);
    this.directory = List.copyOf(directory);
    this.distances = distances;
  }

  /// Statements at the beginning of the log that need not be folded again.
  long size() {
    return size;
  }

  /// @param archive of the log that begins with the statements
  TrustGraph graph(TrustGraph.Archive archive) {
    return graph.fork(archive);
  }

  CarriedSets carried(CarriedSets.Reach reach) {
    return carried.fork(reach);
  }

  /// Alerts among the statements.
  List<LogEntry> alerts() {
    return alerts;
  }

  List<Listed> directory() {
    return directory;
  }

  long roundTripNanos(String from, String to) {
    return distances.roundTripNanos(from, to);
  }
}
