package tocsin.node.web;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tocsin.proto.Alert;
import tocsin.proto.AlertView;
import tocsin.proto.CorrectRecord;
import tocsin.proto.NameServer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// Alerts as JSON, in the fields and words of the command line's `tocsin.alert/v1`.
final class AlertJson {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final HexFormat HEX = HexFormat.of();

  private AlertJson() {}

  /// One line.
  static String text(Map<String, Object> fields) {
    return JSON.writeValueAsString(fields);
  }

  static String alert(AlertView view) {
    return text(fields(view));
  }

  /// `tocsin.alerts/v1`
  static String alerts(List<AlertView> views) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.alerts/v1");
    fields.put("alerts", views.stream().limit(WebLimits.LISTED).map(AlertJson::fields).toList());
    return text(fields);
  }

  /// `tocsin.lookup/v1`
  static String lookup(String name, List<AlertView> views) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.lookup/v1");
    fields.put("name", name);
    fields.put("listed", !views.isEmpty());
    fields.put("alerts", views.stream().map(AlertJson::fields).toList());
    return text(fields);
  }

  /// `tocsin.error/v1`
  static String error(String sentence) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.error/v1");
    fields.put("error", sentence);
    return text(fields);
  }

  private static Map<String, Object> fields(AlertView view) {
    Alert alert = view.getAlert();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.alert/v1");
    fields.put("id", hex(view.getId()));
    fields.put("kind", alert.hasFlush() ? "flush" : "override");
    fields.put("names", alert.getNamesList());
    fields.put("subtree", alert.getSubtree());
    fields.put("state", view.getState().name().toLowerCase(Locale.ROOT));
    fields.put("reason", view.getReason());
    fields.put("submitter", hex(view.getSubmitter()));
    fields.put("endorsers", view.getEndorsersList().stream().map(AlertJson::hex).toList());
    fields.put("disputers", view.getDisputersList().stream().map(AlertJson::hex).toList());
    fields.put("severity", alert.getSeverity().name().toLowerCase(Locale.ROOT));
    fields.put("headline", alert.getHeadline());
    fields.put("evidence", alert.getEvidence());
    fields.put("exercise", alert.getExercise());
    if (alert.hasOverride()) {
      var override = alert.getOverride();
      fields.put("records", override.getRecordsList().stream().map(AlertJson::record).toList());
      fields.put(
          "nameservers",
          override.getNameServersList().stream().map(AlertJson::nameServer).toList());
    }
    fields.put("incident", hex(view.getIncident()));
    fields.put("issued", time(alert.getHeader().getIssuedAtMillis()));
    fields.put("expires", time(alert.getHeader().getExpiresAtMillis()));
    fields.put("first_seen", time(view.getFirstSeenMillis()));
    fields.put("active_since", time(view.getActiveSinceMillis()));
    fields.put("ended_by", hex(view.getEndedBy()));
    return fields;
  }

  private static String hex(ByteString bytes) {
    return HEX.formatHex(bytes.toByteArray());
  }

  private static @Nullable String time(long millis) {
    return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
  }

  private static String nameServer(NameServer server) {
    return server.getAddressesList().stream()
        .map(AlertJson::address)
        .collect(Collectors.joining(" ", server.getName() + " ", ""))
        .strip();
  }

  /// As in a zone file, the type first.
  private static String record(CorrectRecord data) {
    return switch (data.getDataCase()) {
      case A -> "A " + address(data.getA());
      case AAAA -> "AAAA " + address(data.getAaaa());
      case CNAME -> "CNAME " + data.getCname();
      case MX -> "MX " + data.getMx().getPreference() + " " + data.getMx().getExchange();
      case TXT ->
          data.getTxt().getStringsList().stream()
              .map(AlertJson::quoted)
              .collect(Collectors.joining(" ", "TXT ", ""));
      case SRV ->
          "SRV %d %d %d %s"
              .formatted(
                  data.getSrv().getPriority(),
                  data.getSrv().getWeight(),
                  data.getSrv().getPort(),
                  data.getSrv().getTarget());
      case CAA ->
          "CAA %d %s %s"
              .formatted(
                  data.getCaa().getFlags(),
                  data.getCaa().getTag(),
                  quoted(data.getCaa().getValue()));
      case DATA_NOT_SET -> "";
    };
  }

  private static String address(ByteString bytes) {
    try {
      return InetAddress.getByAddress(bytes.toByteArray()).getHostAddress();
    } catch (UnknownHostException e) {
      return hex(bytes);
    }
  }

  /// RFC 1035 section 5.1.
  private static String quoted(ByteString bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (byte each : bytes.toByteArray()) {
      int octet = each & 0xff;
      if (octet == '"' || octet == '\\') {
        text.append('\\').append((char) octet);
      } else if (octet < ' ' || octet > '~') {
        text.append("\\%03d".formatted(octet));
      } else {
        text.append((char) octet);
      }
    }
    return text.append('"').toString();
  }
}
