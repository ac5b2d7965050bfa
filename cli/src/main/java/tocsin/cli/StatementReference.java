package tocsin.cli;

import java.util.List;
import java.util.TreeSet;
import tocsin.proto.LogEntryView;
import tocsin.proto.ShowLogRequest;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// A statement of a key as people name it: its id, or the beginning of it.
final class StatementReference {
  /// Of the largest statements so many still fit a message of the control interface (4 MiB).
  private static final int PAGE = 200;

  private StatementReference() {}

  /// A full id is taken as it is, so that it works without a node; for a shorter one the node's log
  /// is read.
  ///
  /// @throws Failure of usage, if it is no id or fits several; with exit code 6, if it fits none
  static StatementId of(Session session, KeyId key, String text) throws Failure {
    if (text.matches("[0-9a-fA-F]{64}")) {
      return StatementId.fromHex(text);
    }
    if (!text.matches("[0-9a-f]{4,63}")) {
      throw Failure.usage("\"" + text + "\" is no id: 4 to 64 hexadecimal digits")
          .tryThis(session.command("log show"));
    }
    TreeSet<StatementId> found = new TreeSet<>();
    for (long from = 0; ; ) {
      ShowLogRequest request = ShowLogRequest.newBuilder().setFrom(from).setLimit(PAGE).build();
      List<LogEntryView> page = session.node().call(node -> node.showLog(request)).getEntriesList();
      if (page.isEmpty()) {
        break;
      }
      for (LogEntryView entry : page) {
        if (entry.getKey().equals(key.toByteString())
            && Words.hex(entry.getId()).startsWith(text)) {
          found.add(StatementId.fromBytes(entry.getId()));
        }
      }
      from = page.getLast().getIndex() + 1;
    }
    if (found.isEmpty()) {
      throw new Failure(ExitCode.NOT_FOUND, "no statement of that key begins with " + text)
          .tryThis(session.command("log show"));
    }
    if (found.size() > 1) {
      throw Failure.usage(text + " is the beginning of " + found.size() + " ids: write more of it");
    }
    return found.first();
  }
}
