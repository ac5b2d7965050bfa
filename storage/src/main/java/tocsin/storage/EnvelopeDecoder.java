package tocsin.storage;

import com.google.protobuf.ByteString;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.StatementId;

/// How the log understands the wire bytes that it has stored. Asked by several threads at once.
@FunctionalInterface
public interface EnvelopeDecoder {
  /// Parses the bytes and computes the id.
  ///
  /// @throws RuntimeException if they are no envelope: they are damaged
  Envelope envelope(ByteString wire);

  /// The id alone, which a scrub of a million statements asks for.
  ///
  /// @throws RuntimeException if the bytes have none: they are damaged
  default StatementId id(ByteString wire) {
    return envelope(wire).id();
  }

  /// Real envelopes.
  EnvelopeDecoder SIGNED =
      new EnvelopeDecoder() {
        @Override
        public Envelope envelope(ByteString wire) {
          return Envelopes.fromLog(wire);
        }

        @Override
        public StatementId id(ByteString wire) {
          return Envelopes.peekId(wire)
              .orElseThrow(() -> new IllegalArgumentException("no envelope"));
        }
      };
}
