package tocsin.simulations;

import com.google.protobuf.ByteString;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.Effect;
import tocsin.node.core.Event;
import tocsin.node.core.Frame;
import tocsin.node.core.Listing;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// All that happened, in order, as one hash: two runs of one seed have the same, or something
/// somewhere drew on a clock, on chance or on the order of a hashed collection.
///
/// Hashed are the records themselves, word by word; text is made of them only for whoever looks.
final class Trace {
  /// Records kept for whoever looks into a failure.
  private static final int LAST = 40;

  private static final int BUFFER_BYTES = 1 << 16;

  private record Line(long nanos, String who, String what, Object value) {
    String text() {
      StringBuilder line = new StringBuilder(128);
      line.append(nanos).append(' ').append(who).append(' ').append(what).append(' ');
      Trace.write(value, line);
      return line.toString();
    }
  }

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final @Nullable Line[] last = new Line[LAST];
  private final Optional<Consumer<String>> listener;
  private long lines;

  /// @param listener is told every line
  Trace(Optional<Consumer<String>> listener) {
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
    word(nanos);
    text(who);
    text(what);
    hash(value);
    Line line = new Line(nanos, who, what, value);
    last[(int) (lines % LAST)] = line;
    lines++;
    listener.ifPresent(it -> it.accept(line.text()));
  }

  long lines() {
    return lines;
  }

  List<String> lastLines() {
    List<String> all = new ArrayList<>();
    for (long i = Math.max(0, lines - LAST); i < lines; i++) {
      Line line = last[(int) (i % LAST)];
      if (line != null) {
        all.add(line.text());
      }
    }
    return all;
  }

  /// 64 hexadecimal digits. Ends the trace.
  String hash() {
    flush();
    return HexFormat.of().formatHex(digest.digest());
  }

  // ---- the records, word by word

  private void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }

  private void word(long word) {
    if (buffer.remaining() < Long.BYTES) {
      flush();
    }
    buffer.putLong(word);
  }

  private void text(String text) {
    word(((long) text.length() << Integer.SIZE) | (text.hashCode() & 0xffff_ffffL));
  }

  private void hash(Object value) {
    switch (value) {
      // The two that are nearly everything, without a detour.
      case Event.FrameReceived it -> {
        word(it.peer().number());
        hash(it.frame());
      }
      case Effect.Send it -> {
        word(it.peer().number());
        text(it.priority().name());
        hash(it.frame());
      }
      case Frame.Push it -> hashAll('P', it.envelopes());
      case Frame.Announce it -> hashAll('A', it.ids());
      case Frame.Wish it -> word((it.eager() ? 'e' : 'n') << Byte.SIZE | (it.choked() ? 'c' : 'o'));
      case Frame.Digests it -> {
        word(it.logSize() << Byte.SIZE | 'D');
        for (Frame.AnchorDigest one : it.anchors()) {
          word(one.count());
          hash(one.sum());
        }
      }
      case Event.DeadlineReached _ -> word('d');
      case Effect.Notice it -> text(it.text());
      case Effect.ServeListings it ->
          it.changes()
              .forEach((index, listing) -> {
                word(index << Byte.SIZE | 'l');
                text(listing.map(Listing::state).orElse(""));
              });
      case Effect.ShowAlerts it ->
          it.alerts()
              .forEach(shown -> {
                word(shown.standing().entry().index() << Byte.SIZE | 's');
                text(shown.standing().state().name());
                hashAll('p', shown.progress());
              });
      case Frame.Ping it -> word(it.nonce() << Byte.SIZE | 'i');
      case Frame.Pong it -> word(it.nonce() << Byte.SIZE | 'o');
      case Envelope envelope -> hash(envelope.id().hash());
      case StatementId id -> hash(id.hash());
      case Sha256 it -> {
        word(it.a());
        word(it.d());
      }
      case ByteString bytes -> word((long) bytes.size() << Integer.SIZE ^ bytes.hashCode());
      case Optional<?> optional -> {
        word(optional.isPresent() ? 1 : 0);
        optional.ifPresent(this::hash);
      }
      case List<?> list -> hashAll('L', list);
      case DnsName name -> text(name.toString());
      case Record it -> hashRecord(it);
      case String text -> text(text);
      case Double number -> word(Double.doubleToLongBits(number));
      case Number number -> word(number.longValue());
      case Boolean flag -> word(flag ? 1 : 0);
      case Enum<?> word -> text(word.name());
      default -> throw new AssertionError("no canonical form of " + value.getClass());
    }
  }

  private void hashAll(char kind, List<?> list) {
    word((long) kind << Integer.SIZE | list.size());
    for (Object one : list) {
      hash(one);
    }
  }

  private void hashRecord(Record value) {
    text(value.getClass().getSimpleName());
    for (RecordComponent component : COMPONENTS.get(value.getClass())) {
      hash(valueOf(component, value));
    }
  }

  // ---- the same as text

  /// The canonical text of a value.
  static String textOf(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case Envelope envelope -> out.append("envelope:").append(envelope.id().hash());
      case StatementId id -> out.append(id.hash());
      case Effect.Shown it -> {
        out.append(it.standing().id().hash()).append(' ').append(it.standing().state().word());
        write(it.progress(), out);
      }
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
      case SortedMap<?, ?> map -> {
        out.append('{');
        map.forEach((key, one) -> {
          write(key, out);
          out.append(':');
          write(one, out);
          out.append(' ');
        });
        out.append('}');
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
      write(valueOf(component, value), out);
      out.append(',');
    }
    out.append(')');
  }

  private static Object valueOf(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a component of " + of.getClass() + " cannot be read", e);
    }
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
