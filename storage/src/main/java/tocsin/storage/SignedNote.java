package tocsin.storage;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// A text with signatures, as https://c2sp.org/signed-note has it: the text, a blank line, one line
/// for each signature. Nothing is believed of it before [#isSignedBy] or [#cosignedAtMillis] said
/// so.
///
/// @param text ends with a newline
public record SignedNote(String text, List<Signature> signatures) {
  /// Whole note. A checkpoint with sixteen cosignatures has some 3 KiB.
  public static final int MAX_BYTES = 16 * 1024;

  /// The specification wants 16 at least.
  public static final int MAX_SIGNATURES = 64;

  private static final String DASH = "\u2014 ";

  /// Kinds of signatures, by the byte that goes into the key id.
  private static final byte ED25519 = 1;

  private static final byte COSIGNATURE = 4;

  /// One signature line.
  ///
  /// @param name of the key
  /// @param keyId 4 bytes of a hash over name, kind and key
  /// @param value what the key made
  public record Signature(String name, int keyId, ByteString value) {
    public Signature {
      requireName(name);
    }

    @Override
    public String toString() {
      ByteBuffer id = ByteBuffer.allocate(Integer.BYTES).putInt(keyId).flip();
      byte[] bytes = ByteString.copyFrom(id).concat(value).toByteArray();
      return DASH + name + " " + Base64.getEncoder().encodeToString(bytes);
    }
  }

  public SignedNote {
    signatures = List.copyOf(signatures);
    if (!text.endsWith("\n")) {
      throw new IllegalArgumentException("the text of a note ends with a newline");
    }
    if (text.chars().anyMatch(c -> c < 0x20 && c != '\n')) {
      throw new IllegalArgumentException("a note has no control characters");
    }
    if (signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException("a note has at most " + MAX_SIGNATURES + " signatures");
    }
  }

  private static void requireName(String name) {
    boolean good =
        !name.isEmpty()
            && name.chars().noneMatch(c -> c < 0x20 || c == '+' || Character.isSpaceChar(c));
    if (!good) {
      throw new IllegalArgumentException("the name of a key has no spaces, no + and is not empty");
    }
  }

  /// @throws IllegalArgumentException, with one sentence, if it is no signed note
  public static SignedNote parse(ByteString bytes) {
    if (bytes.size() > MAX_BYTES) {
      throw new IllegalArgumentException("a note has at most " + MAX_BYTES + " bytes");
    }
    String note;
    try {
      note = StandardCharsets.UTF_8.newDecoder().decode(bytes.asReadOnlyByteBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a note is text in UTF-8", e);
    }
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n") || blank + 2 == note.length()) {
      throw new IllegalArgumentException("a note has a text, a blank line and signatures");
    }
    List<Signature> signatures = new ArrayList<>();
    for (String line : note.substring(blank + 2, note.length() - 1).split("\n", -1)) {
      signatures.add(signature(line));
    }
    return new SignedNote(note.substring(0, blank + 1), signatures);
  }

  private static Signature signature(String line) {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(DASH) || space <= DASH.length()) {
      throw new IllegalArgumentException("a signature line is: dash, name of the key, signature");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(line.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a signature in a note is not base64", e);
    }
    if (bytes.length <= Integer.BYTES) {
      throw new IllegalArgumentException("a signature in a note is too short");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Signature(
        line.substring(DASH.length(), space), buffer.getInt(), ByteString.copyFrom(buffer));
  }

  /// A text with one signature by this key under this name.
  public static SignedNote sign(String text, String name, SigningKey key) {
    SignedNote unsigned = new SignedNote(text, List.of());
    return unsigned.with(
        new Signature(
            name, keyId(name, ED25519, key.publicKey()), key.sign(ByteString.copyFromUtf8(text))));
  }

  /// What a witness says of this note: that, at this time, it is the newest that it knows of that
  /// log and extends all before (https://c2sp.org/tlog-cosignature, Ed25519).
  public Signature cosignature(String name, SigningKey key, long atMillis) {
    long seconds = atMillis / 1_000;
    ByteString signature = key.sign(cosigned(seconds));
    ByteBuffer time = ByteBuffer.allocate(Long.BYTES).putLong(seconds).flip();
    return new Signature(
        name,
        keyId(name, COSIGNATURE, key.publicKey()),
        ByteString.copyFrom(time).concat(signature));
  }

  private ByteString cosigned(long seconds) {
    return ByteString.copyFromUtf8("cosignature/v1\ntime " + seconds + "\n" + text);
  }

  /// The same note with one more signature; one of the same key and kind makes room for it.
  public SignedNote with(Signature signature) {
    List<Signature> more = new ArrayList<>(signatures);
    more.removeIf(it -> it.name().equals(signature.name()) && it.keyId() == signature.keyId());
    more.add(signature);
    return new SignedNote(text, more);
  }

  /// True iff this key signed the text under this name.
  public boolean isSignedBy(String name, PublicKey key, Signatures rule) {
    int id = keyId(name, ED25519, key);
    return signatures.stream()
        .filter(it -> it.name().equals(name) && it.keyId() == id)
        .anyMatch(it -> rule.verify(key, ByteString.copyFromUtf8(text), it.value()));
  }

  /// When this key cosigned the text under this name, in Unix milliseconds; empty if it did not, or
  /// the signature is wrong.
  public Optional<Long> cosignedAtMillis(String name, PublicKey key, Signatures rule) {
    int id = keyId(name, COSIGNATURE, key);
    for (Signature signature : signatures) {
      if (signature.name().equals(name)
          && signature.keyId() == id
          && signature.value().size() == Long.BYTES + 64) {
        long seconds = signature.value().asReadOnlyByteBuffer().getLong();
        if (seconds >= 0
            && seconds <= Long.MAX_VALUE / 1_000
            && rule.verify(key, cosigned(seconds), signature.value().substring(Long.BYTES))) {
          return Optional.of(seconds * 1_000);
        }
      }
    }
    return Optional.empty();
  }

  private static int keyId(String name, byte kind, PublicKey key) {
    ByteString prefix =
        ByteString.copyFromUtf8(name + "\n").concat(ByteString.copyFrom(new byte[] {kind}));
    return (int) (Sha256.of(prefix, key.key()).a() >>> 32);
  }

  /// A key as verifiers are told of it: name, key id, kind and key.
  public static String verifierKey(String name, PublicKey key) {
    byte[] bytes = ByteString.copyFrom(new byte[] {ED25519}).concat(key.key()).toByteArray();
    return "%s+%08x+%s"
        .formatted(name, keyId(name, ED25519, key), Base64.getEncoder().encodeToString(bytes));
  }

  public ByteString toBytes() {
    return ByteString.copyFromUtf8(toString());
  }

  /// The note as it is written.
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(it -> note.append(it).append('\n'));
    return note.toString();
  }
}
