package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/// The log's size and root, as a node or its folder tells it.
final class LogShown {
  private LogShown() {}

  /// @param damage empty if nothing is wrong
  record State(long size, String root, boolean ok, String damage) {}

  /// Prints, and fails with exit code 3 if the log is damaged.
  static ExitCode tell(Session session, State state) throws Failure {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log/v1");
    fields.put("size", state.size());
    fields.put("root", state.root());
    fields.put("ok", state.ok());
    fields.put("damage", state.damage());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "statements", Long.toString(state.size()),
                    "root", state.root(),
                    "state", state.ok() ? "good" : "DAMAGED"));
    if (!state.ok()) {
      throw new Failure(ExitCode.HALTED, "the log is damaged: " + Printable.line(state.damage()))
          .because("what it holds can no longer be relied on, so the node does not use it");
    }
    return ExitCode.OK;
  }

  static State of(tocsin.proto.LogStatus status) {
    return new State(
        status.getSize(), Words.hex(status.getRoot()), status.getOk(), status.getDamage());
  }
}
