package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.Frame;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.StatementId;

/// Between what a stream carries and what the core speaks. Envelopes in frames that come out of
/// here are verified; copies of known statements are not even looked at beyond their hash.
///
/// Safe for use by many threads at once.
public final class FrameCodec {
  private final Envelopes envelopes;
  private final Predicate<StatementId> known;

  /// Verified a moment ago, perhaps not yet known to the log. Least recently used first.
  private final Map<StatementId, Envelope> recent =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<StatementId, Envelope> eldest) {
          return size() > TransportLimits.REMEMBERED_ENVELOPES;
        }
      };

  /// @param known true for statements in the log; asked by worker threads
  public FrameCodec(Envelopes envelopes, Predicate<StatementId> known) {
    this.envelopes = envelopes;
    this.known = known;
  }

  /// What came of one message: frames for the core, in order, and, if something in it was provably
  /// wrong, what.
  public record Decoded(List<Frame> frames, Optional<String> fault) {
    public Decoded {
      frames = List.copyOf(frames);
    }
  }

  public static List<ByteString> encode(Frame frame) {
    return FrameWriter.write(frame);
  }

  /// @throws MalformedFrame if the bytes as a whole are no frame; a bad envelope in a good frame is
  ///   a fault, and its neighbours go on
  public Decoded decode(ByteString bytes) throws MalformedFrame {
    return switch (FrameReader.read(bytes)) {
      case FrameReader.Raw.Nothing _ -> new Decoded(List.of(), Optional.empty());
      case FrameReader.Raw.Complete complete ->
          new Decoded(List.of(complete.frame()), Optional.empty());
      case FrameReader.Raw.Pushed pushed -> {
        Sorted sorted = sort(pushed.envelopes());
        List<Frame> frames = new ArrayList<>();
        if (!sorted.good.isEmpty()) {
          frames.add(new Frame.Push(sorted.good, pushed.hops()));
        }
        yield sorted.decoded(frames);
      }
      case FrameReader.Raw.AppendedRaw raw -> {
        Sorted sorted = sort(raw.envelopes());
        List<Frame> frames = new ArrayList<>();
        frames.add(new Frame.Appended(raw.logId(), sorted.good, raw.next(), raw.end()));
        yield sorted.decoded(frames);
      }
    };
  }

  private Sorted sort(List<ByteString> wires) {
    Sorted sorted = new Sorted();
    for (ByteString wire : wires) {
      Optional<StatementId> id = Envelopes.peekId(wire);
      if (id.isPresent() && known.test(id.get())) {
        sorted.duplicates.add(id.get());
        continue;
      }
      Envelope copy = id.isPresent() ? recent(id.get(), wire) : null;
      switch (copy != null ? new EnvelopeVerdict.Valid(copy) : envelopes.verify(wire)) {
        case EnvelopeVerdict.Valid valid -> {
          sorted.good.add(valid.envelope());
          remember(valid.envelope());
        }
        case EnvelopeVerdict.Malformed malformed ->
            sorted.bad("a statement: " + malformed.reason());
        case EnvelopeVerdict.BadSignature bad ->
            sorted.bad("statement " + bad.id() + ": " + bad.reason());
      }
    }
    return sorted;
  }

  /// Only the very same bytes were verified: another signature needs a check of its own.
  private @Nullable Envelope recent(StatementId id, ByteString wire) {
    synchronized (recent) {
      Envelope envelope = recent.get(id);
      return envelope != null && envelope.wire().equals(wire) ? envelope : null;
    }
  }

  private void remember(Envelope envelope) {
    synchronized (recent) {
      recent.put(envelope.id(), envelope);
    }
  }

  private static final class Sorted {
    final List<Envelope> good = new ArrayList<>();
    final List<StatementId> duplicates = new ArrayList<>();
    private int bad;
    private String firstReason = "";

    void bad(String reason) {
      if (bad++ == 0) {
        firstReason = reason;
      }
    }

    Decoded decoded(List<Frame> frames) {
      if (!duplicates.isEmpty()) {
        frames.add(new Frame.Announce(duplicates));
      }
      if (bad == 0) {
        return new Decoded(frames, Optional.empty());
      }
      String others = bad == 1 ? "" : " (and " + (bad - 1) + " more in the same frame)";
      return new Decoded(
          frames,
          Optional.of(Words.printable(firstReason, TransportLimits.QUOTED_CHARACTERS) + others));
    }
  }
}
