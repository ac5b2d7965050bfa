package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import tocsin.trust.Envelope;

/// Envelopes, divided so that each portion fits into one frame.
final class Portions {
  private final List<List<Envelope>> portions = new ArrayList<>();
  private List<Envelope> last = new ArrayList<>();
  private int lastBytes;

  void add(Envelope envelope) {
    int bytes = envelope.wire().size();
    if (lastBytes + bytes > Limits.FRAME_BYTES && !last.isEmpty()) {
      portions.add(last);
      last = new ArrayList<>();
      lastBytes = 0;
    }
    last.add(envelope);
    lastBytes += bytes;
  }

  List<List<Envelope>> all() {
    List<List<Envelope>> all = new ArrayList<>(portions);
    if (!last.isEmpty()) {
      all.add(last);
    }
    return all;
  }
}
