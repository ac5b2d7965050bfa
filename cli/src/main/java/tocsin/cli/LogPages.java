package tocsin.cli;

import tocsin.proto.LogEntryView;
import tocsin.proto.ShowLogReply;
import tocsin.proto.ShowLogRequest;

/// The log of a running node, page by page.
final class LogPages {
  /// So many of the largest statements fit into one answer.
  private static final int PAGE = 100;

  private LogPages() {}

  /// Is shown one statement.
  interface Visitor<E extends Exception> {
    void entry(LogEntryView entry) throws E;
  }

  static <E extends Exception> void each(Session session, Visitor<E> visitor) throws Failure, E {
    long next = 0;
    while (true) {
      ShowLogRequest request = ShowLogRequest.newBuilder().setFrom(next).setLimit(PAGE).build();
      ShowLogReply page = session.node().call(node -> node.showLog(request));
      for (LogEntryView entry : page.getEntriesList()) {
        visitor.entry(entry);
        next = entry.getIndex() + 1;
      }
      if (page.getEntriesCount() < PAGE) {
        return;
      }
    }
  }
}
