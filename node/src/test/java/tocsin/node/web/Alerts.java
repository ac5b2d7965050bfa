package tocsin.node.web;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tocsin.proto.Alert;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.proto.CorrectRecord;
import tocsin.proto.Override;
import tocsin.proto.Txt;

/// A log that tests fill by hand.
final class Alerts {
  private static final int OLDEST = 1_000_000;

  private final Map<String, AlertView> all = new LinkedHashMap<>();

  static String id(int number) {
    return "%064x".formatted(number);
  }

  static AlertView alert(int number, AlertState state, boolean subtree, String... names) {
    return AlertView.newBuilder()
        .setId(ByteString.fromHex(id(number)))
        .setIncident(ByteString.fromHex(id(number)))
        .setState(state)
        .setLogIndex(OLDEST - number)
        .setAlert(
            Alert.newBuilder()
                .addAllNames(List.of(names))
                .setSubtree(subtree)
                .setHeadline("headline \"" + number + "\"\n\r\0data: x")
                .setOverride(
                    Override.newBuilder()
                        .addRecords(
                            CorrectRecord.newBuilder()
                                .setA(ByteString.copyFrom(new byte[] {(byte) 192, 0, 2, 1})))
                        .addRecords(
                            CorrectRecord.newBuilder()
                                .setTxt(
                                    Txt.newBuilder()
                                        .addStrings(ByteString.copyFromUtf8("a\"b\n"))))))
        .build();
  }

  synchronized void put(AlertView alert, AlertFeed feed) {
    all.put(id(number(alert)), alert);
    feed.changed(alert.getId(), () -> alert);
  }

  private static int number(AlertView alert) {
    return Integer.parseInt(
        java.util.HexFormat.of().formatHex(alert.getId().toByteArray()).substring(56), 16);
  }

  synchronized Optional<AlertView> find(String id) {
    return Optional.ofNullable(all.get(id));
  }
}
