package tocsin.cli;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tocsin.storage.Checkpoint;
import tocsin.storage.SignedNote;

/// The log's size and root, as a node or its folder tells it.
final class LogShown {
  private LogShown() {}

  /// @param damage empty if nothing is wrong
  /// @param checkpoint a signed note; empty if there is none
  record State(long size, String root, boolean ok, String damage, String checkpoint) {}

  /// Prints, and fails with exit code 3 if the log is damaged.
  static ExitCode tell(Session session, State state) throws Failure {
    return tell(session, state, "checkpoint", checkpoint(state));
  }

  /// The same of a copy, whose checkpoints are those of the log it was copied from.
  static ExitCode tellCopied(Session session, State state, Path folder) throws Failure {
    return tell(session, state, "folder", folder.toString());
  }

  private static ExitCode tell(Session session, State state, String last, String shown)
      throws Failure {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log/v1");
    fields.put("size", state.size());
    fields.put("root", state.root());
    fields.put("ok", state.ok());
    fields.put("damage", state.damage());
    fields.put("checkpoint", state.checkpoint());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "statements",
                    Long.toString(state.size()),
                    "root",
                    state.root(),
                    "state",
                    state.ok() ? "good" : "DAMAGED",
                    last,
                    shown));
    if (!state.ok()) {
      throw new Failure(ExitCode.HALTED, "the log is damaged: " + Printable.line(state.damage()))
          .because("what it holds can no longer be relied on, so the node does not use it");
    }
    return ExitCode.OK;
  }

  private static String checkpoint(State state) {
    if (state.checkpoint().isEmpty()) {
      return "none signed yet";
    }
    SignedNote note = SignedNote.parse(ByteString.copyFromUtf8(state.checkpoint()));
    int cosignatures = note.signatures().size() - 2;
    return "%,d statements, %d %s"
        .formatted(
            Checkpoint.of(note).head().size(),
            cosignatures,
            cosignatures == 1 ? "cosignature" : "cosignatures");
  }

  static State of(tocsin.proto.LogStatus status) {
    return new State(
        status.getSize(),
        Words.hex(status.getRoot()),
        status.getOk(),
        status.getDamage(),
        status.getCheckpoint());
  }
}
