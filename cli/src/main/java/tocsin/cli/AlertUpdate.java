package tocsin.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.CorrectRecord;
import tocsin.trust.Severity;
import tocsin.trust.Statement;

@Command(
    name = "update",
    description = {
      "Raise an override of yours again with other records, servers or words.",
      "What is not said stays as it was; records and name servers are replaced as a whole."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin alert update 3f9a17c2 --record \"A 192.0.2.11\" --yes",
      "  tocsin alert update 3f9a17c2 --headline \"The mail servers, too\" --record \"A 192.0.2.11\""
    })
final class AlertUpdate extends Action {
  @Parameters(paramLabel = "ID", description = "The override, or the beginning of its id.")
  String id = "";

  @Option(
      names = "--rogue",
      paramLabel = "ADDRESS|NAME",
      description = "What the criminals use: an address or a name server.")
  List<String> rogue = new ArrayList<>();

  @Option(
      names = "--insecure",
      arity = "0..1",
      fallbackValue = "true",
      description = "Also stop DNSSEC validation of the names (or no longer, with =false).")
  @Nullable Boolean insecure;

  @Mixin CorrectionFlags correct = new CorrectionFlags();

  @Mixin AlertFlags flags = new AlertFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Successor successor = Successor.of(session, id);
    Statement.OverrideAction before = successor.action();
    List<CorrectRecord> records = correct.records();
    List<Statement.NameServer> servers = correct.nameServers();
    CorrectionFlags.Rogue known = CorrectionFlags.Rogue.parse(rogue);
    Statement.OverrideAction after;
    try {
      after =
          new Statement.OverrideAction(
              correct.isEmpty() ? before.records() : records,
              correct.isEmpty() ? before.nameServers() : servers,
              rogue.isEmpty() ? before.rogueAddresses() : known.addresses(),
              rogue.isEmpty() ? before.rogueNameServers() : known.nameServers(),
              insecure == null ? before.insecure() : insecure,
              before.ttlSeconds());
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
    Severity severity =
        flags.severity == Severity.SEVERE ? successor.alert().severity() : flags.severity;
    return successor.say(
        session,
        flags,
        it ->
            new Statement.Alert(
                it.header(),
                it.names(),
                it.subtree(),
                after,
                it.incident(),
                it.supersedes(),
                severity,
                flags.headline.isEmpty() ? it.headline() : flags.headline,
                flags.evidence.isEmpty() ? it.evidence() : flags.evidence,
                it.exercise()));
  }
}
