package tocsin.cli;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.proto.LogEntryView;
import tocsin.proto.ShowLogRequest;

@Command(
    name = "show",
    description = "The statements in the log, in its order.",
    footer = {
      "",
      "Examples:",
      "  tocsin log show --from 100 --limit 20",
      "  tocsin log show --refused"
    })
final class LogShow extends Action {
  @Option(names = "--from", paramLabel = "INDEX", description = "Begin here (default: 0).")
  long from;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: 100).")
  int limit = 100;

  @Option(names = "--refused", description = "The statements that were refused, newest first.")
  boolean refused;

  @Override
  ExitCode run(Session session) throws Failure {
    if (from < 0 || limit < 1) {
      throw Failure.usage("--from is at least 0, --limit at least 1");
    }
    ShowLogRequest request =
        ShowLogRequest.newBuilder().setFrom(from).setLimit(limit).setRefused(refused).build();
    List<LogEntryView> entries =
        session.node().call(node -> node.showLog(request)).getEntriesList();
    Organizations.Names names = Organizations.namesFor(session);
    session.output().list(entries.stream().map(this::fields).toList(), () -> table(entries, names));
    return ExitCode.OK;
  }

  private Map<String, Object> fields(LogEntryView entry) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-entry/v1");
    if (!refused) {
      fields.put("index", entry.getIndex());
    }
    fields.put("id", Words.hex(entry.getId()));
    fields.put("kind", entry.getKind());
    fields.put("issuer", Words.hex(entry.getIssuer()));
    fields.put("key", Words.hex(entry.getKey()));
    fields.put("sequence", entry.getSequence());
    fields.put("issued", Words.exactTime(entry.getIssuedAtMillis()));
    fields.put("first_seen", Words.exactTime(entry.getFirstSeenMillis()));
    fields.put("summary", entry.getSummary());
    if (refused) {
      fields.put("refused", entry.getRefused());
    }
    fields.put("envelope", Base64.getEncoder().encodeToString(entry.getEnvelope().toByteArray()));
    return fields;
  }

  private String table(List<LogEntryView> entries, Organizations.Names names) {
    Table table =
        new Table(refused ? "" : "INDEX", "ID", "KIND", "BY", "SEEN", refused ? "REFUSED" : "");
    for (LogEntryView entry : entries) {
      table.row(
          refused ? "" : Long.toString(entry.getIndex()),
          Words.brief(entry.getId()),
          entry.getKind(),
          names.of(entry.getIssuer()),
          Words.time(entry.getFirstSeenMillis()),
          Printable.line(refused ? entry.getRefused() : entry.getSummary()));
    }
    return table.orElse(refused ? "nothing was refused" : "no statements");
  }
}
