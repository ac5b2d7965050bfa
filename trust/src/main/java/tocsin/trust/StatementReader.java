package tocsin.trust;

import static tocsin.trust.StatementLimits.MAX_ADDRESS_BYTES;
import static tocsin.trust.StatementLimits.MAX_GROUP_BYTES;
import static tocsin.trust.StatementLimits.MAX_LINE_BYTES;
import static tocsin.trust.StatementLimits.MAX_REASON_BYTES;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// From protobuf messages to statements. What is wrong is thrown as `IllegalArgumentException` with
/// one sentence, by the values' own constructors or here; [StatementCodec] turns it into a value.
final class StatementReader {
  private StatementReader() {}

  static Message message(StatementKind kind, ByteString body)
      throws InvalidProtocolBufferException {
    return switch (kind) {
      case PROFILE -> tocsin.proto.Profile.parseFrom(body);
      case VOUCH -> tocsin.proto.Vouch.parseFrom(body);
      case VOUCH_WITHDRAWAL -> tocsin.proto.VouchWithdrawal.parseFrom(body);
      case REVOCATION -> tocsin.proto.Revocation.parseFrom(body);
      case ALERT -> tocsin.proto.Alert.parseFrom(body);
      case ENDORSEMENT -> tocsin.proto.Endorsement.parseFrom(body);
      case DISPUTE -> tocsin.proto.Dispute.parseFrom(body);
      case RECALL -> tocsin.proto.Recall.parseFrom(body);
      case REGISTRATION -> tocsin.proto.Registration.parseFrom(body);
    };
  }

  static Statement read(Message message) {
    return switch (message) {
      case tocsin.proto.Profile profile -> profile(profile);
      case tocsin.proto.Vouch vouch -> vouch(vouch);
      case tocsin.proto.VouchWithdrawal withdrawal ->
          new Statement.VouchWithdrawal(
              header(withdrawal.getHeader()),
              all(withdrawal.getVouchesList(), StatementId::fromBytes),
              text("reason", withdrawal.getReason(), MAX_REASON_BYTES));
      case tocsin.proto.Revocation revocation -> revocation(revocation);
      case tocsin.proto.Alert alert -> AlertReader.read(alert);
      case tocsin.proto.Endorsement endorsement ->
          new Statement.Endorsement(
              header(endorsement.getHeader()), StatementId.fromBytes(endorsement.getAlert()));
      case tocsin.proto.Dispute dispute ->
          new Statement.Dispute(
              header(dispute.getHeader()),
              StatementId.fromBytes(dispute.getAlert()),
              text("reason", dispute.getReason(), MAX_REASON_BYTES));
      case tocsin.proto.Recall recall ->
          new Statement.Recall(
              header(recall.getHeader()),
              StatementId.fromBytes(recall.getStatement()),
              text("reason", recall.getReason(), MAX_REASON_BYTES));
      case tocsin.proto.Registration registration -> AlertReader.read(registration);
      default -> throw new AssertionError("no statement: " + message.getClass());
    };
  }

  static Header header(tocsin.proto.Header header) {
    return new Header(
        new NetworkId(header.getNetwork()),
        optional(header.getIssuer(), OrganizationId::fromBytes),
        KeyId.fromBytes(header.getKey()),
        header.getSequence(),
        optional(header.getPrevious(), StatementId::fromBytes),
        header.getIssuedAtMillis(),
        header.getExpiresAtMillis(),
        header.getSlot().getHour(),
        header.getSlot().getIndex(),
        all(header.getCosignersList(), KeyId::fromBytes));
  }

  private static Statement profile(tocsin.proto.Profile profile) {
    return new Statement.Profile(
        header(profile.getHeader()),
        profile.getVersion(),
        text("legal name", profile.getLegalName(), MAX_LINE_BYTES),
        country(profile.getCountry()),
        text("web site", profile.getWebSite(), MAX_LINE_BYTES),
        all(profile.getContactsList(), contact -> text("contact", contact, MAX_LINE_BYTES)),
        all(profile.getRootsList(), StatementReader::publicKey),
        profile.getThreshold(),
        all(profile.getKeysList(), StatementReader::operationalKey),
        text("group", profile.getGroup(), MAX_GROUP_BYTES));
  }

  private static String country(String country) {
    if (!country.isEmpty() && !country.matches("[A-Z]{2}")) {
      throw new IllegalArgumentException("a country is two capital letters (ISO 3166-1 alpha-2)");
    }
    return country;
  }

  static PublicKey publicKey(tocsin.proto.PublicKey key) {
    return publicKey(key.getAlgorithmValue(), key.getKey());
  }

  /// @param algorithm its number on the wire
  static PublicKey publicKey(int algorithm, ByteString key) {
    if (algorithm != PublicKey.Algorithm.ED25519.number()) {
      throw new IllegalArgumentException("signature algorithm " + algorithm + " is not in use");
    }
    return PublicKey.ed25519(key);
  }

  private static Statement.OperationalKey operationalKey(tocsin.proto.OperationalKey key) {
    return new Statement.OperationalKey(
        publicKey(key.getKey()),
        all(key.getUsesList(), StatementReader::use),
        key.getNotBeforeMillis(),
        key.getNotAfterMillis(),
        text("address", key.getAddress(), MAX_ADDRESS_BYTES));
  }

  private static KeyUse use(tocsin.proto.KeyUse use) {
    return switch (use) {
      case SUBMIT -> KeyUse.SUBMIT;
      case ENDORSE -> KeyUse.ENDORSE;
      case VOUCH -> KeyUse.VOUCH;
      case NODE -> KeyUse.NODE;
      case KEY_USE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a key has an unknown use");
    };
  }

  private static Statement vouch(tocsin.proto.Vouch vouch) {
    return new Statement.Vouch(
        header(vouch.getHeader()),
        OrganizationId.fromBytes(vouch.getSubject()),
        all(vouch.getRolesList(), StatementReader::role),
        all(vouch.getScopesList(), DnsName::parse),
        vouch.getDepth(),
        text("vetting", vouch.getVetting(), MAX_REASON_BYTES));
  }

  private static Role role(tocsin.proto.Role role) {
    return switch (role) {
      case VETTER -> Role.VETTER;
      case SUBMITTER -> Role.SUBMITTER;
      case ROLE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a vouch names an unknown role");
    };
  }

  private static Statement revocation(tocsin.proto.Revocation revocation) {
    Statement.Revoked target =
        switch (revocation.getTargetCase()) {
          case KEY ->
              new Statement.Revoked.Key(
                  KeyId.fromBytes(revocation.getKey().getKey()),
                  optional(revocation.getKey().getLastGood(), StatementId::fromBytes));
          case ORGANIZATION ->
              new Statement.Revoked.Organization(
                  OrganizationId.fromBytes(revocation.getOrganization()));
          case TARGET_NOT_SET -> throw new IllegalArgumentException("a revocation has no target");
        };
    long since = revocation.getCompromisedSinceMillis();
    return new Statement.Revocation(
        header(revocation.getHeader()),
        target,
        text("reason", revocation.getReason(), MAX_REASON_BYTES),
        since == 0 ? OptionalLong.empty() : OptionalLong.of(since));
  }

  /// A text for people: at most so many bytes, no control characters, nothing that reorders or
  /// hides what stands beside it. (That it is UTF-8 was checked by the parser.)
  static String text(String what, String text, int maxBytes) {
    // A character takes three bytes at most.
    if (text.length() > maxBytes / 3 && ByteString.copyFromUtf8(text).size() > maxBytes) {
      throw new IllegalArgumentException("the " + what + " has over " + maxBytes + " bytes");
    }
    int size = 0;
    for (int i = 0; i < text.length(); i += size) {
      int c = text.codePointAt(i);
      size = Character.charCount(c);
      if (c >= ' ' && c <= '~') {
        continue;
      }
      int type = Character.getType(c);
      if (type == Character.CONTROL
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR
          || isDirectionControl(c)) {
        throw new IllegalArgumentException("the " + what + " has a control character");
      }
      if (type == Character.PRIVATE_USE || isInvisible(c)) {
        throw new IllegalArgumentException("the " + what + " has a character that nobody sees");
      }
    }
    return text;
  }

  /// The bidirectional controls of Unicode (UAX #9) and the byte order mark.
  private static boolean isDirectionControl(int c) {
    return (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f
        || c == 0x061c
        || c == 0xfeff;
  }

  /// What makes two texts that look the same: soft hyphens, spaces without width, operators without
  /// a sign, old format characters, annotations, tags. By number, because what the platform takes
  /// for one changes with its version. (Joiners stay: Persian and the scripts of India need them.)
  private static boolean isInvisible(int c) {
    return c == 0x00ad
        || c == 0x200b
        || (c >= 0x2060 && c <= 0x206f)
        || (c >= 0xfff9 && c <= 0xfffb)
        || (c >= 0xe0000 && c <= 0xe007f);
  }

  static <T> Optional<T> optional(ByteString bytes, Function<ByteString, T> read) {
    return bytes.isEmpty() ? Optional.empty() : Optional.of(read.apply(bytes));
  }

  static <P, T> List<T> all(List<P> messages, Function<P, T> read) {
    List<T> values = new ArrayList<>(messages.size());
    for (P message : messages) {
      values.add(read.apply(message));
    }
    return values;
  }
}
