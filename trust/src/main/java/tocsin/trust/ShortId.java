package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.Optional;

/// How an id is printed for people: the kind of thing, the first 60 bits of its hash in groups of
/// four, and two characters that catch a slip of the pen ("org-7q2x-m4td-9f3v-c8"). The alphabet is
/// Crockford's base 32 in lower case: no letter to be taken for another. It *finds* a thing among
/// those known here; it does not prove one, as the full id does.
///
/// @param prefix the first 60 bits of the hash
public record ShortId(Kind kind, long prefix) {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int CHARACTERS = 12;
  private static final int CHECK_CHARACTERS = 2;
  private static final int BITS = 5 * CHARACTERS;

  /// What an id names.
  public enum Kind {
    ORGANIZATION("org"),
    KEY("key"),
    STATEMENT("st");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  public ShortId {
    if (prefix >>> BITS != 0) {
      throw new IllegalArgumentException("a short id has 60 bits");
    }
  }

  public static ShortId of(OrganizationId id) {
    return new ShortId(Kind.ORGANIZATION, prefixOf(id.hash()));
  }

  public static ShortId of(KeyId id) {
    return new ShortId(Kind.KEY, prefixOf(id.hash()));
  }

  public static ShortId of(StatementId id) {
    return new ShortId(Kind.STATEMENT, prefixOf(id.hash()));
  }

  private static long prefixOf(Sha256 hash) {
    return hash.a() >>> (64 - BITS);
  }

  /// Reads a short id as a person types it: either case, hyphens anywhere or nowhere after the
  /// kind. Empty if it is none: another form, or the check characters do not fit.
  public static Optional<ShortId> parse(String text) {
    String lower = text.strip().toLowerCase(java.util.Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (lower.startsWith(kind.word + "-")) {
        return parse(kind, lower.substring(kind.word.length()).replace("-", ""));
      }
    }
    return Optional.empty();
  }

  private static Optional<ShortId> parse(Kind kind, String characters) {
    if (characters.length() != CHARACTERS + CHECK_CHARACTERS) {
      return Optional.empty();
    }
    long prefix = 0;
    for (int i = 0; i < CHARACTERS; i++) {
      int value = ALPHABET.indexOf(characters.charAt(i));
      if (value < 0) {
        return Optional.empty();
      }
      prefix = prefix << 5 | value;
    }
    ShortId id = new ShortId(kind, prefix);
    return characters.endsWith(id.check()) ? Optional.of(id) : Optional.empty();
  }

  /// True if this is how the hash is printed.
  public boolean matches(Sha256 hash) {
    return prefixOf(hash) == prefix;
  }

  private String check() {
    Sha256 hash = Sha256.of(ByteString.copyFromUtf8("tocsin " + kind.word + " " + prefix));
    return characters(hash.a() >>> (64 - 5 * CHECK_CHARACTERS), CHECK_CHARACTERS);
  }

  private static String characters(long value, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = count - 1; i >= 0; i--) {
      text.append(ALPHABET.charAt((int) (value >>> (5 * i)) & 31));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    String text = characters(prefix, CHARACTERS);
    return String.join(
        "-", kind.word, text.substring(0, 4), text.substring(4, 8), text.substring(8), check());
  }
}
