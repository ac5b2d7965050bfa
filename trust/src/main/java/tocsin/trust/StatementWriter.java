package tocsin.trust;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Optional;
import java.util.function.Function;

/// From statements to protobuf messages. Lists go out as they stand.
final class StatementWriter {
  private StatementWriter() {}

  static Message message(Statement statement) {
    tocsin.proto.Header header = header(statement.header());
    return switch (statement) {
      case Statement.Profile profile -> profile(header, profile);
      case Statement.Vouch vouch -> vouch(header, vouch);
      case Statement.VouchWithdrawal withdrawal -> {
        var message =
            tocsin.proto.VouchWithdrawal.newBuilder()
                .setHeader(header)
                .setReason(withdrawal.reason());
        withdrawal.vouches().forEach(vouch -> message.addVouches(vouch.toByteString()));
        yield message.build();
      }
      case Statement.Revocation revocation -> revocation(header, revocation);
      case Statement.Alert alert -> AlertWriter.message(header, alert);
      case Statement.Endorsement endorsement ->
          tocsin.proto.Endorsement.newBuilder()
              .setHeader(header)
              .setAlert(endorsement.alert().toByteString())
              .build();
      case Statement.Dispute dispute ->
          tocsin.proto.Dispute.newBuilder()
              .setHeader(header)
              .setAlert(dispute.alert().toByteString())
              .setReason(dispute.reason())
              .build();
      case Statement.Recall recall ->
          tocsin.proto.Recall.newBuilder()
              .setHeader(header)
              .setStatement(recall.statement().toByteString())
              .setReason(recall.reason())
              .build();
      case Statement.Registration registration -> AlertWriter.message(header, registration);
    };
  }

  private static tocsin.proto.Header header(Header header) {
    var slot = tocsin.proto.Slot.newBuilder().setHour(header.slotHour());
    slot.setIndex(header.slotIndex());
    var message =
        tocsin.proto.Header.newBuilder()
            .setNetwork(header.network().bytes())
            .setIssuer(bytes(header.issuer(), OrganizationId::toByteString))
            .setKey(header.key().toByteString())
            .setSequence(header.sequence())
            .setPrevious(bytes(header.previous(), StatementId::toByteString))
            .setIssuedAtMillis(header.issuedAtMillis())
            .setExpiresAtMillis(header.expiresAtMillis())
            .setSlot(slot);
    header.cosigners().forEach(cosigner -> message.addCosigners(cosigner.toByteString()));
    return message.build();
  }

  private static Message profile(tocsin.proto.Header header, Statement.Profile profile) {
    var message =
        tocsin.proto.Profile.newBuilder()
            .setHeader(header)
            .setVersion(profile.version())
            .setLegalName(profile.legalName())
            .setCountry(profile.country())
            .setWebSite(profile.webSite())
            .addAllContacts(profile.contacts())
            .setThreshold(profile.threshold())
            .setGroup(profile.group());
    profile.roots().forEach(root -> message.addRoots(publicKey(root)));
    profile.keys().forEach(key -> message.addKeys(operationalKey(key)));
    return message.build();
  }

  static tocsin.proto.PublicKey publicKey(PublicKey key) {
    return tocsin.proto.PublicKey.newBuilder()
        .setAlgorithmValue(key.algorithm().number())
        .setKey(key.key())
        .build();
  }

  private static tocsin.proto.OperationalKey operationalKey(Statement.OperationalKey key) {
    var message =
        tocsin.proto.OperationalKey.newBuilder()
            .setKey(publicKey(key.key()))
            .setNotBeforeMillis(key.notBeforeMillis())
            .setNotAfterMillis(key.notAfterMillis())
            .setAddress(key.address());
    key.uses().forEach(use -> message.addUsesValue(use.number()));
    return message.build();
  }

  private static Message vouch(tocsin.proto.Header header, Statement.Vouch vouch) {
    var message =
        tocsin.proto.Vouch.newBuilder()
            .setHeader(header)
            .setSubject(vouch.subject().toByteString())
            .setDepth(vouch.depth())
            .setVetting(vouch.vetting());
    vouch.roles().forEach(role -> message.addRolesValue(role.number()));
    vouch.scopes().forEach(scope -> message.addScopes(scope.toString()));
    return message.build();
  }

  private static Message revocation(tocsin.proto.Header header, Statement.Revocation revocation) {
    var message =
        tocsin.proto.Revocation.newBuilder()
            .setHeader(header)
            .setReason(revocation.reason())
            .setCompromisedSinceMillis(revocation.compromisedSinceMillis().orElse(0));
    switch (revocation.target()) {
      case Statement.Revoked.Key key ->
          message.setKey(
              tocsin.proto.RevokedKey.newBuilder()
                  .setKey(key.key().toByteString())
                  .setLastGood(bytes(key.lastGood(), StatementId::toByteString)));
      case Statement.Revoked.Organization organization ->
          message.setOrganization(organization.organization().toByteString());
    }
    return message.build();
  }

  static <T> ByteString bytes(Optional<T> value, Function<T, ByteString> write) {
    return value.map(write).orElse(ByteString.EMPTY);
  }
}
