package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The outer form of an envelope (`proto/envelope.proto`), read in place: body and signatures are
/// slices of the wire. Half of what a node does when it reads its log again was to make messages of
/// them and to copy what is in these.
///
/// Only known fields in their order have the form; that numbers are not overlong and that nothing
/// is written at its default, whoever needs to know finds by encoding it again.
///
/// @param payloadType as it stands there, known or not
record EnvelopeForm(ByteString payloadType, ByteString body, List<Signature> signatures) {
  /// @param algorithm its number
  /// @param key a copy: keys outlive envelopes
  record Signature(int algorithm, ByteString key, ByteString value) {}

  /// Three bytes of seven bits say more than the longest envelope has.
  private static final int MAX_NUMBER_BYTES = 3;

  private static final int PAYLOAD_TYPE = lengthDelimited(1);
  private static final int BODY = lengthDelimited(2);
  private static final int SIGNATURE = lengthDelimited(3);

  private static final int SIGNATURE_KEY = lengthDelimited(1);
  private static final int SIGNATURE_VALUE = lengthDelimited(2);

  private static final int KEY_ALGORITHM = 1 << 3;
  private static final int KEY_BYTES = lengthDelimited(2);

  /// A field's number and wire type, in the one byte before it.
  private static int lengthDelimited(int field) {
    return field << 3 | 2;
  }

  /// Empty if the bytes do not have the form.
  static Optional<EnvelopeForm> of(ByteString wire) {
    Reader reader = new Reader(wire);
    ByteString payloadType = reader.field(PAYLOAD_TYPE);
    ByteString body = reader.field(BODY);
    List<Signature> signatures = new ArrayList<>(1);
    while (reader.isNext(SIGNATURE)) {
      Reader signature = new Reader(reader.field(SIGNATURE));
      Reader key = new Reader(signature.field(SIGNATURE_KEY));
      int algorithm = key.number(KEY_ALGORITHM);
      ByteString keyBytes = ByteString.copyFrom(key.field(KEY_BYTES).toByteArray());
      ByteString value = signature.field(SIGNATURE_VALUE);
      if (!key.isAtEnd() || !signature.isAtEnd()) {
        return Optional.empty();
      }
      signatures.add(new Signature(algorithm, keyBytes, value));
    }
    return reader.isAtEnd()
        ? Optional.of(new EnvelopeForm(payloadType, body, signatures))
        : Optional.empty();
  }

  /// Reads fields one after the other. One that is not next is taken to stand at its default;
  /// behind what cannot be read nothing is read.
  private static final class Reader {
    private final ByteString bytes;
    private int at;
    private boolean broken;

    Reader(ByteString bytes) {
      this.bytes = bytes;
    }

    boolean isNext(int tag) {
      return !broken && at < bytes.size() && bytes.byteAt(at) == tag;
    }

    boolean isAtEnd() {
      return !broken && at == bytes.size();
    }

    ByteString field(int tag) {
      int size = number(tag);
      broken |= size > bytes.size() - at;
      if (broken) {
        return ByteString.EMPTY;
      }
      at += size;
      return bytes.substring(at - size, at);
    }

    /// The number that comes after the tag: the field itself, or how long it is.
    int number(int tag) {
      if (!isNext(tag)) {
        return 0;
      }
      int number = 0;
      for (int i = 1; i <= MAX_NUMBER_BYTES && at + i < bytes.size(); i++) {
        int part = bytes.byteAt(at + i);
        number |= (part & 0x7f) << (7 * (i - 1));
        if (part >= 0) {
          at += i + 1;
          return number;
        }
      }
      broken = true;
      return 0;
    }
  }
}
