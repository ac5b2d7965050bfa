package tocsin.trust;

import static tocsin.trust.StatementReader.all;
import static tocsin.trust.StatementReader.optional;
import static tocsin.trust.StatementReader.text;

import com.google.protobuf.ByteString;

/// From protobuf to an alert; see [StatementReader].
final class AlertReader {
  private AlertReader() {}

  static Statement read(tocsin.proto.Alert alert) {
    Statement.Action action =
        switch (alert.getActionCase()) {
          case OVERRIDE -> override(alert.getOverride());
          case FLUSH -> new Statement.FlushAction();
          case ACTION_NOT_SET -> throw new IllegalArgumentException("an alert has no action");
        };
    return new Statement.Alert(
        StatementReader.header(alert.getHeader()),
        all(alert.getNamesList(), DnsName::parse),
        alert.getSubtree(),
        action,
        optional(alert.getIncident(), StatementId::fromBytes),
        optional(alert.getSupersedes(), StatementId::fromBytes),
        severity(alert.getSeverity()),
        text("headline", alert.getHeadline(), StatementLimits.MAX_HEADLINE_BYTES),
        text("evidence", alert.getEvidence(), StatementLimits.MAX_EVIDENCE_BYTES),
        alert.getExercise());
  }

  static Statement read(tocsin.proto.Registration registration) {
    return new Statement.Registration(
        StatementReader.header(registration.getHeader()),
        all(registration.getNamesList(), DnsName::parse),
        all(registration.getRecordsList(), AlertReader::record),
        all(registration.getNameServersList(), AlertReader::nameServer),
        all(registration.getOwnerKeysList(), KeyId::fromBytes),
        all(registration.getSubmittersList(), OrganizationId::fromBytes),
        registration.getEndorsements());
  }

  private static Statement.NameServer nameServer(tocsin.proto.NameServer server) {
    return new Statement.NameServer(DnsName.parse(server.getName()), server.getAddressesList());
  }

  private static Severity severity(tocsin.proto.Severity severity) {
    return switch (severity) {
      case MINOR -> Severity.MINOR;
      case MODERATE -> Severity.MODERATE;
      case SEVERE -> Severity.SEVERE;
      case EXTREME -> Severity.EXTREME;
      case SEVERITY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("an alert has no known severity");
    };
  }

  private static Statement.Action override(tocsin.proto.Override override) {
    return new Statement.OverrideAction(
        all(override.getRecordsList(), AlertReader::record),
        all(override.getNameServersList(), AlertReader::nameServer),
        all(override.getRogue().getAddressesList(), AlertReader::address),
        all(override.getRogue().getNameServersList(), DnsName::parse),
        override.getInsecure(),
        override.getTtlSeconds());
  }

  private static CorrectRecord record(tocsin.proto.CorrectRecord record) {
    return switch (record.getDataCase()) {
      case A -> new CorrectRecord.A(record.getA());
      case AAAA -> new CorrectRecord.Aaaa(record.getAaaa());
      case CNAME -> new CorrectRecord.Cname(DnsName.parse(record.getCname()));
      case MX ->
          new CorrectRecord.Mx(
              record.getMx().getPreference(), DnsName.parse(record.getMx().getExchange()));
      case TXT -> new CorrectRecord.Txt(record.getTxt().getStringsList());
      case SRV ->
          new CorrectRecord.Srv(
              record.getSrv().getPriority(),
              record.getSrv().getWeight(),
              record.getSrv().getPort(),
              DnsName.parse(record.getSrv().getTarget()));
      case CAA ->
          new CorrectRecord.Caa(
              record.getCaa().getFlags(), record.getCaa().getTag(), record.getCaa().getValue());
      case DATA_NOT_SET -> throw new IllegalArgumentException("a record has no known type");
    };
  }

  private static ByteString address(ByteString address) {
    if (address.size() != 4 && address.size() != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes");
    }
    return address;
  }
}
