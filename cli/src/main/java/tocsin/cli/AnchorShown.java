package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tocsin.proto.AnchorView;

/// Anchors, as data and for people.
final class AnchorShown {
  private AnchorShown() {}

  static Map<String, Object> fields(AnchorView anchor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.anchor/v1");
    fields.put("organization", Words.hex(anchor.getOrganization()));
    fields.put("name", anchor.getName());
    fields.put("legal_name", anchor.getLegalName());
    return fields;
  }

  static String table(List<AnchorView> anchors) {
    Table table = new Table("NAME", "ORGANIZATION", "LEGAL NAME");
    for (AnchorView anchor : anchors) {
      table.row(
          Printable.line(anchor.getName()),
          Words.brief(anchor.getOrganization()),
          Printable.line(anchor.getLegalName()));
    }
    return table.orElse("no anchors: this node believes nobody yet");
  }
}
