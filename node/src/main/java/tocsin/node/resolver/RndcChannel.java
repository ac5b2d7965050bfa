package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// BIND's control channel, as `rndc` speaks it (`lib/isccc/cc.c`): a connection for each command,
/// in which both sides sign tables of names and values; the first exchange brings a nonce, the
/// second the command.
///
/// In one process this takes a millisecond, where a process of `rndc` takes ten, and hundreds on a
/// machine that is busy, which is when alerts come.
///
/// @param key where and by which key
record RndcChannel(RndcKey key) {
  private static final int VERSION = 1;
  private static final int BINARY = 1;
  private static final int TABLE = 2;

  /// An HMAC in base64, in a field of this size on the wire.
  private static final int DIGEST_BYTES = 88;

  private static final int LIFE_SECONDS = 60;
  private static final int MAX_DEPTH = 4;
  private static final String AUTH = "_auth";
  private static final String CONTROL = "_ctrl";
  private static final String DATA = "_data";
  private static final AtomicInteger SERIAL = new AtomicInteger();

  /// A table: values are texts (as bytes) or tables.
  private sealed interface Value {
    record Text(ByteString bytes) implements Value {
      static Text of(String text) {
        return new Text(ByteString.copyFrom(text, StandardCharsets.ISO_8859_1));
      }
    }

    record Table(Map<String, Value> values) implements Value {
      String text(String name) {
        return values.get(name) instanceof Text(ByteString bytes)
            ? bytes.toString(StandardCharsets.ISO_8859_1)
            : "";
      }

      Table table(String name) {
        return values.get(name) instanceof Table table ? table : new Table(Map.of());
      }
    }
  }

  /// Runs a command.
  ///
  /// @return what `rndc` would have printed, with its exit status
  /// @throws ResolverException if BIND is not there, is too slow, or does not know the key
  Program.Output run(List<String> arguments, Duration time) throws ResolverException {
    for (String argument : arguments) {
      // The last of several locks: a name is checked where it is made.
      if (argument.chars().anyMatch(c -> c < 0x20 || c > 0x7e)) {
        throw new IllegalArgumentException("a command is printable ASCII");
      }
    }
    String command = String.join(" ", arguments);
    try (Socket socket = new Socket();
        Guard guard = Guard.closing(socket, time)) {
      try {
        socket.setTcpNoDelay(true);
        socket.connect(key.address(), (int) ResolverLimits.CONTROL_CONNECT.toMillis());
        Value.Table hello = exchange(socket, "null", "");
        Value.Table reply = exchange(socket, command, hello.table(CONTROL).text("_nonce"));
        return output(arguments.getFirst(), reply.table(DATA));
      } catch (IOException e) {
        throw guard.closed()
            ? new ResolverException(
                "the control channel "
                    + key
                    + " gave no complete answer within "
                    + time.toSeconds()
                    + " s",
                e)
            : new ResolverException(
                "the control channel " + key + " failed: " + UnboundControl.shown(sentence(e)), e);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new ResolverException(
          "the control channel " + key + " failed: " + UnboundControl.shown(sentence(e)), e);
    }
  }

  private static String sentence(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /// As rndc puts it.
  private static Program.Output output(String verb, Value.Table data) {
    String error = data.text("err");
    String text = data.text("text");
    return error.isEmpty()
        ? new Program.Output(0, text.stripTrailing())
        : new Program.Output(
            1, ("rndc: '" + verb + "' failed: " + error + "\n" + text).stripTrailing());
  }

  private Value.Table exchange(Socket socket, String command, String nonce)
      throws IOException, GeneralSecurityException {
    long now = System.currentTimeMillis() / 1_000;
    Map<String, Value> control = new LinkedHashMap<>();
    control.put("_ser", Value.Text.of(Integer.toString(SERIAL.incrementAndGet())));
    control.put("_tim", Value.Text.of(Long.toString(now)));
    control.put("_exp", Value.Text.of(Long.toString(now + LIFE_SECONDS)));
    if (!nonce.isEmpty()) {
      control.put("_nonce", Value.Text.of(nonce));
    }
    Map<String, Value> body = new LinkedHashMap<>();
    body.put(CONTROL, new Value.Table(control));
    body.put(DATA, new Value.Table(Map.of("type", Value.Text.of(command))));
    ByteString signed = wire(new Value.Table(body));
    Value.Table auth =
        new Value.Table(
            Map.of(AUTH, new Value.Table(Map.of(digestName(), new Value.Text(digest(signed))))));
    ByteString message = wire(auth).concat(signed);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    ByteBuffer framed = ByteBuffer.allocate(2 * Integer.BYTES + message.size());
    framed.putInt(message.size() + Integer.BYTES).putInt(VERSION);
    message.copyTo(framed);
    out.write(framed.array());
    out.flush();
    return read(new DataInputStream(socket.getInputStream()));
  }

  private Value.Table read(DataInputStream in) throws IOException, GeneralSecurityException {
    int size;
    try {
      size = in.readInt();
    } catch (java.io.EOFException e) {
      throw new IOException(
          "BIND hung up: is the key the one of its controls clause, and are the clocks equal?", e);
    }
    if (size < Integer.BYTES || size > ResolverLimits.CONTROL_ANSWER_BYTES) {
      throw new IOException("an answer of " + size + " bytes");
    }
    byte[] bytes = new byte[size];
    in.readFully(bytes);
    ByteBuffer message = ByteBuffer.wrap(bytes);
    if (message.getInt() != VERSION) {
      throw new IOException("an answer of another version of the protocol");
    }
    try {
      Map<String, Value> values = new LinkedHashMap<>();
      // What is signed is all that follows the signature.
      entry(message, values, 0);
      byte[] rest = Arrays.copyOfRange(bytes, message.position(), bytes.length);
      if (!(new Value.Table(values).table(AUTH).values().get(digestName())
              instanceof Value.Text(ByteString given))
          || !MessageDigest.isEqual(
              given.toByteArray(), digest(ByteString.copyFrom(rest)).toByteArray())) {
        throw new IOException("an answer that is not signed by the key");
      }
      while (message.hasRemaining()) {
        entry(message, values, 0);
      }
      return new Value.Table(values);
    } catch (java.nio.BufferUnderflowException e) {
      throw new IOException("an answer that ends too early", e);
    }
  }

  private static void entry(ByteBuffer in, Map<String, Value> into, int depth) throws IOException {
    byte[] name = new byte[in.get() & 0xff];
    in.get(name);
    int type = in.get();
    int size = in.getInt();
    if (size < 0 || size > in.remaining() || depth > MAX_DEPTH) {
      throw new IOException("an answer that cannot be read");
    }
    ByteBuffer value = in.slice(in.position(), size);
    in.position(in.position() + size);
    String key = new String(name, StandardCharsets.ISO_8859_1);
    switch (type) {
      case BINARY -> into.put(key, new Value.Text(ByteString.copyFrom(value)));
      case TABLE -> {
        Map<String, Value> values = new LinkedHashMap<>();
        while (value.hasRemaining()) {
          entry(value, values, depth + 1);
        }
        into.put(key, new Value.Table(values));
      }
      default -> {
        // Strings and lists are not sent.
      }
    }
  }

  private static ByteString wire(Value.Table table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table
        .values()
        .forEach((name, value) -> {
          byte[] key = name.getBytes(StandardCharsets.ISO_8859_1);
          ByteString content =
              switch (value) {
                case Value.Text(ByteString bytes) -> bytes;
                case Value.Table it -> wire(it);
              };
          ByteBuffer head = ByteBuffer.allocate(1 + key.length + 1 + Integer.BYTES);
          head.put((byte) key.length).put(key);
          head.put((byte) (value instanceof Value.Table ? TABLE : BINARY)).putInt(content.size());
          out.writeBytes(head.array());
          out.writeBytes(content.toByteArray());
        });
    return ByteString.copyFrom(out.toByteArray());
  }

  private boolean isMd5() {
    return key.algorithm().equals("HmacMD5");
  }

  private String digestName() {
    return isMd5() ? "hmd5" : "hsha";
  }

  /// MD5: the base64 without its padding; the others: their number, and the base64 filled up with
  /// zeros.
  private ByteString digest(ByteString signed) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(key.algorithm());
    mac.init(new SecretKeySpec(key.secret().toByteArray(), key.algorithm()));
    byte[] base64 = Base64.getEncoder().encode(mac.doFinal(signed.toByteArray()));
    if (isMd5()) {
      return ByteString.copyFrom(base64, 0, base64.length - 2);
    }
    byte[] field = new byte[1 + DIGEST_BYTES];
    field[0] = (byte) key.code();
    System.arraycopy(base64, 0, field, 1, base64.length);
    return ByteString.copyFrom(field);
  }
}
