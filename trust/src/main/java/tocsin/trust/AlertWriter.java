package tocsin.trust;

import static tocsin.trust.StatementWriter.bytes;

import com.google.protobuf.Message;

/// From an alert to protobuf; see [StatementWriter].
final class AlertWriter {
  private AlertWriter() {}

  static Message message(tocsin.proto.Header header, Statement.Alert alert) {
    var message =
        tocsin.proto.Alert.newBuilder()
            .setHeader(header)
            .setSubtree(alert.subtree())
            .setIncident(bytes(alert.incident(), StatementId::toByteString))
            .setSupersedes(bytes(alert.supersedes(), StatementId::toByteString))
            .setSeverityValue(alert.severity().number())
            .setHeadline(alert.headline())
            .setEvidence(alert.evidence())
            .setExercise(alert.exercise());
    alert.names().forEach(name -> message.addNames(name.toString()));
    switch (alert.action()) {
      case Statement.OverrideAction override -> message.setOverride(override(override));
      case Statement.FlushAction _ -> message.setFlush(tocsin.proto.Flush.getDefaultInstance());
    }
    return message.build();
  }

  static Message message(tocsin.proto.Header header, Statement.Registration registration) {
    var message =
        tocsin.proto.Registration.newBuilder()
            .setHeader(header)
            .setEndorsements(registration.endorsements());
    registration.names().forEach(name -> message.addNames(name.toString()));
    registration.records().forEach(record -> message.addRecords(record(record)));
    registration.nameServers().forEach(server -> message.addNameServers(nameServer(server)));
    registration.ownerKeys().forEach(key -> message.addOwnerKeys(key.toByteString()));
    registration.submitters().forEach(it -> message.addSubmitters(it.toByteString()));
    return message.build();
  }

  private static tocsin.proto.NameServer nameServer(Statement.NameServer server) {
    return tocsin.proto.NameServer.newBuilder()
        .setName(server.name().toString())
        .addAllAddresses(server.addresses())
        .build();
  }

  private static tocsin.proto.Override override(Statement.OverrideAction override) {
    var message =
        tocsin.proto.Override.newBuilder()
            .setInsecure(override.insecure())
            .setTtlSeconds(override.ttlSeconds());
    override.records().forEach(record -> message.addRecords(record(record)));
    override.nameServers().forEach(server -> message.addNameServers(nameServer(server)));
    if (!override.rogueAddresses().isEmpty() || !override.rogueNameServers().isEmpty()) {
      var rogue = tocsin.proto.Rogue.newBuilder().addAllAddresses(override.rogueAddresses());
      override.rogueNameServers().forEach(name -> rogue.addNameServers(name.toString()));
      message.setRogue(rogue);
    }
    return message.build();
  }

  static tocsin.proto.CorrectRecord record(CorrectRecord record) {
    var message = tocsin.proto.CorrectRecord.newBuilder();
    switch (record) {
      case CorrectRecord.A a -> message.setA(a.address());
      case CorrectRecord.Aaaa aaaa -> message.setAaaa(aaaa.address());
      case CorrectRecord.Cname cname -> message.setCname(cname.target().toString());
      case CorrectRecord.Mx mx ->
          message.setMx(
              tocsin.proto.Mx.newBuilder()
                  .setPreference(mx.preference())
                  .setExchange(mx.exchange().toString()));
      case CorrectRecord.Txt txt ->
          message.setTxt(tocsin.proto.Txt.newBuilder().addAllStrings(txt.strings()));
      case CorrectRecord.Srv srv ->
          message.setSrv(
              tocsin.proto.Srv.newBuilder()
                  .setPriority(srv.priority())
                  .setWeight(srv.weight())
                  .setPort(srv.port())
                  .setTarget(srv.target().toString()));
      case CorrectRecord.Caa caa ->
          message.setCaa(
              tocsin.proto.Caa.newBuilder()
                  .setFlags(caa.flags())
                  .setTag(caa.tag())
                  .setValue(caa.value()));
    }
    return message.build();
  }
}
