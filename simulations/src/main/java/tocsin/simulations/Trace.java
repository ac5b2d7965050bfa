package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// All that happened, in order, as one hash: two runs of one seed have the same, or something
/// somewhere drew on a clock, on chance or on the order of a hashed collection.
final class Trace {
  /// Lines kept for whoever looks into a failure.
  private static final int LAST_LINES = 40;

  private final MessageDigest digest;
  private final Deque<String> last = new ArrayDeque<>();
  private final Consumer<String> listener;
  private long lines;

  /// @param listener is told every line
  Trace(Consumer<String> listener) {
    this.listener = listener;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /// @param what a word
  /// @param value an event, an effect: anything made of records, lists, texts and numbers
  void add(long nanos, String who, String what, Object value) {
    StringBuilder line = new StringBuilder(128);
    line.append(nanos).append(' ').append(who).append(' ').append(what).append(' ');
    write(value, line);
    String text = line.toString();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    lines++;
    listener.accept(text);
    last.addLast(text);
    if (last.size() > LAST_LINES) {
      last.removeFirst();
    }
  }

  long lines() {
    return lines;
  }

  List<String> lastLines() {
    return List.copyOf(last);
  }

  /// 64 hexadecimal digits. Ends the trace.
  String hash() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /// The canonical text of a value.
  static String text(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Envelope envelope -> out.append("envelope:").append(envelope.id().hash());
      case StatementId id -> out.append(id.hash());
      case ByteString bytes -> out.append(HexFormat.of().formatHex(bytes.toByteArray()));
      case Optional<?> optional -> {
        if (optional.isPresent()) {
          write(optional.get(), out);
        } else {
          out.append('-');
        }
      }
      case List<?> list -> {
        out.append('[');
        for (Object one : list) {
          write(one, out);
          out.append(' ');
        }
        out.append(']');
      }
      case DnsName name -> out.append(name);
      case Record it -> writeRecord(it, out);
      case String text -> out.append('"').append(text).append('"');
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      case Enum<?> word -> out.append(word.name());
      default -> throw new AssertionError("no canonical text for " + value.getClass());
    }
  }

  private static void writeRecord(Record value, StringBuilder out) {
    out.append(value.getClass().getSimpleName()).append('(');
    for (RecordComponent component : COMPONENTS.get(value.getClass())) {
      try {
        write(component.getAccessor().invoke(value), out);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("a component of " + value.getClass() + " cannot be read", e);
      }
      out.append(',');
    }
    out.append(')');
  }

  private static final ClassValue<RecordComponent[]> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
          RecordComponent[] components = type.getRecordComponents();
          for (RecordComponent component : components) {
            component.getAccessor().setAccessible(true);
          }
          return components;
        }
      };
}
