package tocsin.trust;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Objects;

/// Between the bytes of a statement and its value. A statement has exactly one encoding: what is
/// parsed is encoded again and must give the same bytes, which refuses unknown and repeated fields,
/// trailing bytes, fields out of order, explicit defaults and overlong numbers in one stroke.
public final class StatementCodec {
  private StatementCodec() {}

  /// What parsing gives.
  public sealed interface Parsed {
    record Good(Statement statement) implements Parsed {}

    /// @param reason one sentence, safe to print
    record Malformed(String reason) implements Parsed {}
  }

  /// Parses a body of this kind. Never throws, whatever the bytes.
  public static Parsed parse(StatementKind kind, ByteString body) {
    return parse(kind, body, true);
  }

  /// The same of a body that was parsed so before it was stored.
  static Parsed parseStored(StatementKind kind, ByteString body) {
    return parse(kind, body, false);
  }

  private static Parsed parse(StatementKind kind, ByteString body, boolean canonical) {
    if (body.size() > Envelope.MAX_BODY_BYTES) {
      return new Parsed.Malformed(
          "the body has "
              + body.size()
              + " bytes; at most "
              + Envelope.MAX_BODY_BYTES
              + " allowed");
    }
    Message message;
    Statement statement;
    try {
      message = StatementReader.message(kind, body);
      statement = StatementReader.read(message);
      // Inside, because a list without its repetitions may be too short to be well-formed.
      if (canonical && !StatementOrder.canonical(statement).equals(statement)) {
        return new Parsed.Malformed("a list is not ascending or repeats an element");
      }
    } catch (InvalidProtocolBufferException e) {
      return new Parsed.Malformed("the body is no protobuf message of the kind " + kind.word());
    } catch (IllegalArgumentException e) {
      return new Parsed.Malformed(
          Objects.requireNonNullElse(e.getMessage(), "a value is out of range"));
    }
    if (canonical && !encode(statement).equals(body)) {
      return new Parsed.Malformed(
          UnknownFields.in(message)
              ? "the body has an unknown field"
              : "the body is not in canonical encoding");
    }
    return new Parsed.Good(statement);
  }

  /// The one encoding of a statement whose lists are in order.
  public static ByteString encode(Statement statement) {
    return StatementWriter.message(statement).toByteString();
  }

  /// The same statement with its lists in the order of the wire and without repetition.
  public static Statement canonical(Statement statement) {
    return StatementOrder.canonical(statement);
  }
}
