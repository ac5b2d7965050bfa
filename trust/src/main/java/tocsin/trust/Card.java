package tocsin.trust;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What an organization hands to those who vet it: its profile, from the genesis to the current
/// version, in one line of text. Everything in it is signed, and its id follows from it, so that
/// the line may come by any way that the receiver believes; the checksum is against slips of
/// copying.
///
/// The text is "tocsin-card1:" and, in base64url without padding (RFC 4648 section 5): for each
/// version its envelope with two bytes of length before it, and the first four bytes of SHA-256
/// over all that.
///
/// @param profiles verified envelopes of the profile's versions, 1, 2, ..., each approved by a
///   quorum of the version before; 1 to [#MAX_VERSIONS]
public record Card(List<Envelope> profiles) {
  public static final String PREFIX = "tocsin-card1:";

  /// More versions than an organization has in a lifetime of yearly rotations.
  public static final int MAX_VERSIONS = 64;

  /// What a person can still paste.
  public static final int MAX_TEXT_CHARACTERS = 256 * 1024;

  private static final int CHECK_BYTES = 4;

  public Card {
    profiles = List.copyOf(profiles);
    objection(profiles)
        .ifPresent(reason -> {
          throw new IllegalArgumentException(reason);
        });
  }

  /// What parsing gives.
  public sealed interface Parsed {
    record Good(Card card) implements Parsed {}

    /// @param reason one sentence
    record Bad(String reason) implements Parsed {}
  }

  public OrganizationId organization() {
    return profiles.getFirst().issuer();
  }

  /// The newest version in the card.
  public Statement.Profile profile() {
    return (Statement.Profile) profiles.getLast().statement();
  }

  /// True if the text claims to be a card.
  public static boolean isCard(String text) {
    return text.strip().startsWith(PREFIX);
  }

  /// Reads a card and verifies the signatures in it. Never throws, whatever the text.
  public static Parsed parse(String text, Envelopes envelopes) {
    String line = text.strip();
    if (!line.startsWith(PREFIX)) {
      return new Parsed.Bad("a card begins with \"" + PREFIX + "\"");
    }
    if (line.length() > MAX_TEXT_CHARACTERS) {
      return new Parsed.Bad("the card is too long");
    }
    Optional<ByteString> bytes = decode(line.substring(PREFIX.length()));
    if (bytes.isEmpty()) {
      return new Parsed.Bad("the card is cut off or mistyped: its checksum does not fit");
    }
    List<Envelope> profiles = new ArrayList<>();
    ByteBuffer rest = bytes.get().asReadOnlyByteBuffer();
    while (rest.hasRemaining()) {
      int length = rest.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(rest.getShort());
      if (length > rest.remaining() || profiles.size() == MAX_VERSIONS) {
        return new Parsed.Bad("the card holds something else than profiles");
      }
      ByteString wire = ByteString.copyFrom(rest, length);
      switch (envelopes.verify(wire)) {
        case EnvelopeVerdict.Valid(Envelope envelope) -> profiles.add(envelope);
        case EnvelopeVerdict.Malformed(String reason) -> {
          return new Parsed.Bad("a profile in the card is malformed: " + reason);
        }
        case EnvelopeVerdict.BadSignature(StatementId _, String reason) -> {
          return new Parsed.Bad("a profile in the card is badly signed: " + reason);
        }
      }
    }
    return objection(profiles)
        .<Parsed>map(Parsed.Bad::new)
        .orElseGet(() -> new Parsed.Good(new Card(profiles)));
  }

  private static Optional<String> objection(List<Envelope> profiles) {
    if (profiles.isEmpty() || profiles.size() > MAX_VERSIONS) {
      return Optional.of("a card holds 1 to " + MAX_VERSIONS + " versions of a profile");
    }
    Statement.@org.jspecify.annotations.Nullable Profile before = null;
    for (Envelope envelope : profiles) {
      if (!(envelope.statement() instanceof Statement.Profile profile)
          || !envelope.issuer().equals(profiles.getFirst().issuer())
          || profile.version() != (before == null ? 1 : before.version() + 1)) {
        return Optional.of("a card holds the versions 1, 2, ... of one organization's profile");
      }
      if (!profile.hasQuorum(envelope.signers())
          || (before != null && !before.hasQuorum(envelope.signers()))) {
        return Optional.of("too few root keys have signed version " + profile.version());
      }
      before = profile;
    }
    return Optional.empty();
  }

  private static Optional<ByteString> decode(String base64) {
    ByteString bytes;
    try {
      bytes = ByteString.copyFrom(Base64.getUrlDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.size() < CHECK_BYTES) {
      return Optional.empty();
    }
    ByteString content = bytes.substring(0, bytes.size() - CHECK_BYTES);
    return check(content).equals(bytes.substring(content.size())) && encode(content).equals(base64)
        ? Optional.of(content)
        : Optional.empty();
  }

  private static ByteString check(ByteString content) {
    return Sha256.of(content).toByteString().substring(0, CHECK_BYTES);
  }

  private static String encode(ByteString content) {
    byte[] bytes = content.concat(check(content)).toByteArray();
    return new String(
        Base64.getUrlEncoder().withoutPadding().encode(bytes), StandardCharsets.US_ASCII);
  }

  /// The line of text.
  public String text() {
    ByteString content = ByteString.EMPTY;
    for (Envelope envelope : profiles) {
      int length = envelope.wire().size();
      byte[] prefix = {(byte) (length >>> 8), (byte) length};
      content = content.concat(ByteString.copyFrom(prefix)).concat(envelope.wire());
    }
    return PREFIX + encode(content);
  }
}
