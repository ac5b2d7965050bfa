package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Header;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "override",
    description = "Raise an alert: resolvers answer with the correct records while it is active.",
    footer = {
      "",
      "All wanted types of a name go into one alert: a type that is not listed does not exist.",
      "",
      "Examples:",
      "  tocsin alert override www.bank.test --record \"A 192.0.2.10\" --record \"AAAA 2001:db8::10\"",
      "  tocsin alert override bank.test --subtree --record \"A 192.0.2.10\" --rogue 203.0.113.66",
      "  tocsin alert override bank.test --nameserver \"ns1.bank.test 192.0.2.53\" --expires 4h",
      "  tocsin alert override www.bank.test --record \"A 192.0.2.10\" --wait applied:100%% --yes"
    })
final class AlertOverride extends Action {
  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The affected names.")
  List<String> names = new ArrayList<>();

  @Option(names = "--subtree", description = "All names below them are affected, too.")
  boolean subtree;

  @Option(
      names = "--record",
      paramLabel = "RECORD",
      description = "A correct record: type and data, such as \"MX 10 mail.bank.test.\".")
  List<String> records = new ArrayList<>();

  @Option(
      names = "--nameserver",
      paramLabel = "SERVER",
      description = "A correct name server and its addresses: \"ns1.bank.test 192.0.2.53\".")
  List<String> nameServers = new ArrayList<>();

  @Option(
      names = "--rogue",
      paramLabel = "ADDRESS|NAME",
      description = "What the criminals use: an address or a name server.")
  List<String> rogue = new ArrayList<>();

  @Option(
      names = "--insecure",
      description = "Also stop DNSSEC validation of the names while it is active (RFC 7646).")
  boolean insecure;

  @Option(
      names = "--ttl",
      paramLabel = "SECONDS",
      description = "Time to live in the lookup zone, at most 3600 (default: 0, the node's own).")
  int ttl;

  @Option(
      names = "--incident",
      paramLabel = "ID",
      description = "The incident that it belongs to (default: it starts one).")
  @Nullable String incident;

  @Mixin AlertFlags flags = new AlertFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    List<DnsName> affected = Names.parse(names);
    Statement.OverrideAction action = action();
    long life = AlertTold.lifeMillis(flags, Statement.Alert.MAX_OVERRIDE_MILLIS);
    flags.waiting.check();
    Optional<StatementId> of = AlertReference.optional(session, incident);
    if (!flags.signing.dryRun && flags.signing.offline == null) {
      BlastRadius.confirm(session, affected, subtree, action, flags.exercise);
    }
    Signer.Said said =
        new Signer(session, flags.signing, "operations")
            .say(life, header -> alert(header, affected, action, of));
    return AlertTold.tell(session, flags.waiting, said);
  }

  private Statement alert(
      Header header,
      List<DnsName> affected,
      Statement.OverrideAction action,
      Optional<StatementId> of) {
    return new Statement.Alert(
        header,
        affected,
        subtree,
        action,
        of,
        Optional.empty(),
        flags.severity,
        flags.headline,
        flags.evidence,
        flags.exercise);
  }

  private Statement.OverrideAction action() throws Failure {
    try {
      List<CorrectRecord> correct = records.stream().map(RecordText::parse).toList();
      List<Statement.NameServer> servers =
          nameServers.stream().map(RecordText::nameServer).toList();
      List<ByteString> addresses = new ArrayList<>();
      List<DnsName> rogueServers = new ArrayList<>();
      for (String each : rogue) {
        if (RecordText.isAddress(each)) {
          addresses.add(RecordText.anyAddress(each, each));
        } else {
          rogueServers.add(Names.parse(each));
        }
      }
      if (correct.isEmpty() && servers.isEmpty() && !insecure) {
        throw Failure.usage("an override needs a --record, a --nameserver or --insecure")
            .tryThis("--record \"A 192.0.2.10\"");
      }
      return new Statement.OverrideAction(correct, servers, addresses, rogueServers, insecure, ttl);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
