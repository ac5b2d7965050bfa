package tocsin.node.control;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeView;
import tocsin.node.core.Progress;
import tocsin.proto.AlertView;
import tocsin.proto.LogEntryView;
import tocsin.proto.PeerView;
import tocsin.proto.ResolverProgress;
import tocsin.proto.TrustPath;
import tocsin.storage.LogEntry;
import tocsin.storage.RefusedStatement;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Statement;

/// The core's values as the control protocol's messages.
final class Protos {
  private Protos() {}

  static tocsin.proto.Envelope envelope(Envelope envelope) {
    try {
      return tocsin.proto.Envelope.parseFrom(envelope.wire());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a verified envelope parses", e);
    }
  }

  private static tocsin.proto.Alert alert(Envelope envelope) {
    try {
      return tocsin.proto.Alert.parseFrom(envelope(envelope).getBody());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a verified alert parses", e);
    }
  }

  static tocsin.proto.Profile profile(Envelope envelope) {
    try {
      return tocsin.proto.Profile.parseFrom(envelope(envelope).getBody());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a verified profile parses", e);
    }
  }

  static tocsin.proto.Vouch vouch(Envelope envelope) {
    try {
      return tocsin.proto.Vouch.parseFrom(envelope(envelope).getBody());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("a verified vouch parses", e);
    }
  }

  static List<ByteString> ids(List<OrganizationId> organizations) {
    return organizations.stream().map(OrganizationId::toByteString).toList();
  }

  static List<TrustPath> paths(List<List<OrganizationId>> paths) {
    return paths.stream()
        .map(path -> TrustPath.newBuilder().addAllOrganizations(ids(path)).build())
        .toList();
  }

  static tocsin.proto.AlertState state(AlertState state) {
    return switch (state) {
      case PENDING -> tocsin.proto.AlertState.PENDING;
      case ACTIVE -> tocsin.proto.AlertState.ACTIVE;
      case RESOLVED -> tocsin.proto.AlertState.RESOLVED;
      case RECALLED -> tocsin.proto.AlertState.RECALLED;
      case EXPIRED -> tocsin.proto.AlertState.EXPIRED;
      case REFUSED -> tocsin.proto.AlertState.REFUSED;
    };
  }

  static AlertView alert(IncidentBook.Standing standing, List<Progress> progress) {
    Envelope envelope = standing.entry().envelope();
    AlertView.Builder view =
        AlertView.newBuilder()
            .setId(standing.id().toByteString())
            .setIncident(standing.alert().incident().orElse(standing.id()).toByteString())
            .setAlert(alert(envelope))
            .setState(state(standing.state()))
            .setReason(standing.reason())
            .setSubmitter(envelope.issuer().toByteString())
            .addAllEndorsers(ids(standing.judgement().endorsers()))
            .addAllDisputers(ids(standing.judgement().disputedBy()))
            .setPathsFound(standing.judgement().found())
            .setPathsRequired(standing.judgement().required())
            .setFirstSeenMillis(standing.entry().firstSeenMillis())
            .setActiveSinceMillis(standing.activeSinceMillis().orElse(0))
            .setLogIndex(standing.entry().index());
    standing.endedBy().ifPresent(id -> view.setEndedBy(id.toByteString()));
    for (Progress one : progress) {
      view.addResolvers(
          ResolverProgress.newBuilder()
              .setResolver(one.resolver())
              .setState(one.word())
              .setMillis(one.millis())
              .setDetail(one.detail())
              .setAttempts(one.attempts()));
    }
    return view.build();
  }

  /// A refused alert that is kept for audit only.
  static AlertView refusedAlert(RefusedStatement refused, Statement.Alert alert) {
    Envelope envelope = refused.envelope();
    return AlertView.newBuilder()
        .setId(envelope.id().toByteString())
        .setIncident(alert.incident().orElse(envelope.id()).toByteString())
        .setAlert(alert(envelope))
        .setState(tocsin.proto.AlertState.REFUSED)
        .setReason(refused.reason())
        .setSubmitter(envelope.issuer().toByteString())
        .setFirstSeenMillis(refused.firstSeenMillis())
        .setAuditOnly(true)
        .build();
  }

  static PeerView peer(NodeView.PeerLine line) {
    PeerView.Builder view =
        PeerView.newBuilder()
            .setAddress(line.address())
            .setConnected(line.connected())
            .setGuest(line.guest())
            .setRttMicros(line.rttMicros())
            .setSource(line.source())
            .setLastError(line.lastError());
    line.node().ifPresent(node -> view.setNode(node.toByteString()));
    line.organization().ifPresent(it -> view.setOrganization(it.toByteString()));
    return view.build();
  }

  static LogEntryView entry(LogEntry entry) {
    return line(entry.envelope(), entry.firstSeenMillis()).setIndex(entry.index()).build();
  }

  static LogEntryView refused(RefusedStatement refused) {
    return line(refused.envelope(), refused.firstSeenMillis()).setRefused(refused.reason()).build();
  }

  private static LogEntryView.Builder line(Envelope envelope, long firstSeenMillis) {
    var header = envelope.statement().header();
    return LogEntryView.newBuilder()
        .setId(envelope.id().toByteString())
        .setKind(envelope.statement().kind().word())
        .setIssuer(envelope.issuer().toByteString())
        .setKey(header.key().toByteString())
        .setSequence(header.sequence())
        .setIssuedAtMillis(header.issuedAtMillis())
        .setFirstSeenMillis(firstSeenMillis)
        .setSummary(summary(envelope.statement()))
        .setEnvelope(envelope(envelope));
  }

  /// A statement in one line.
  private static String summary(Statement statement) {
    return switch (statement) {
      case Statement.Profile it -> it.legalName() + ", version " + it.version();
      case Statement.Vouch it ->
          "for " + it.subject() + " as " + it.roles() + " within " + it.scopes();
      case Statement.VouchWithdrawal it -> "of " + it.vouches() + ": " + it.reason();
      case Statement.Revocation it ->
          switch (it.target()) {
            case Statement.Revoked.Key key -> "of key " + key.key() + ": " + it.reason();
            case Statement.Revoked.Organization organization ->
                "of organization " + organization.organization() + ": " + it.reason();
          };
      case Statement.Alert it -> {
        String verb =
            switch (it.action()) {
              case Statement.OverrideAction _ -> "override ";
              case Statement.FlushAction _ -> "flush ";
            };
        yield verb + it.names() + (it.subtree() ? " and all below" : "") + ": " + it.headline();
      }
      case Statement.Endorsement it -> "of alert " + it.alert();
      case Statement.Dispute it -> "of alert " + it.alert() + ": " + it.reason();
      case Statement.Recall it -> "of " + it.statement() + ": " + it.reason();
      case Statement.Registration it -> it.names() + " with " + it.records().size() + " records";
    };
  }

  static List<String> names(List<DnsName> names) {
    return names.stream().map(DnsName::toString).toList();
  }
}
