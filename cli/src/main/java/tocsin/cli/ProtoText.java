package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import tocsin.proto.CorrectRecord;
import tocsin.proto.NameServer;
import tocsin.proto.Override;
import tocsin.trust.DnsName;

/// What the node says of an override, as text that the commands take.
final class ProtoText {
  private ProtoText() {}

  static List<String> records(Override override) {
    List<String> texts = new ArrayList<>();
    for (CorrectRecord sent : override.getRecordsList()) {
      read(sent).map(RecordText::show).ifPresent(texts::add);
    }
    return texts;
  }

  static List<String> nameServers(Override override) {
    List<String> texts = new ArrayList<>();
    for (NameServer server : override.getNameServersList()) {
      StringJoiner text = new StringJoiner(" ").add(server.getName());
      server.getAddressesList().forEach(address -> text.add(RecordText.address(address)));
      texts.add(text.toString());
    }
    return texts;
  }

  static List<String> rogue(Override override) {
    List<String> texts = new ArrayList<>();
    for (ByteString address : override.getRogue().getAddressesList()) {
      texts.add(RecordText.address(address));
    }
    texts.addAll(override.getRogue().getNameServersList());
    return texts;
  }

  /// Empty for a type that this program does not know.
  private static Optional<tocsin.trust.CorrectRecord> read(CorrectRecord sent) {
    return switch (sent.getDataCase()) {
      case A -> Optional.of(new tocsin.trust.CorrectRecord.A(sent.getA()));
      case AAAA -> Optional.of(new tocsin.trust.CorrectRecord.Aaaa(sent.getAaaa()));
      case CNAME ->
          Optional.of(new tocsin.trust.CorrectRecord.Cname(DnsName.parse(sent.getCname())));
      case MX ->
          Optional.of(
              new tocsin.trust.CorrectRecord.Mx(
                  sent.getMx().getPreference(), DnsName.parse(sent.getMx().getExchange())));
      case TXT -> Optional.of(new tocsin.trust.CorrectRecord.Txt(sent.getTxt().getStringsList()));
      case SRV ->
          Optional.of(
              new tocsin.trust.CorrectRecord.Srv(
                  sent.getSrv().getPriority(),
                  sent.getSrv().getWeight(),
                  sent.getSrv().getPort(),
                  DnsName.parse(sent.getSrv().getTarget())));
      case CAA ->
          Optional.of(
              new tocsin.trust.CorrectRecord.Caa(
                  sent.getCaa().getFlags(), sent.getCaa().getTag(), sent.getCaa().getValue()));
      case DATA_NOT_SET -> Optional.empty();
    };
  }
}
