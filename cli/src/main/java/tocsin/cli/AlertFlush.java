package tocsin.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "flush",
    description = "Raise an alert: resolvers forget what they cached at and below the names.",
    footer = {
      "",
      "Examples:",
      "  tocsin alert flush www.bank.test",
      "  tocsin alert flush bank.test --subtree --incident 3f9a17c2 --yes"
    })
final class AlertFlush extends Action {
  @Parameters(paramLabel = "NAME", arity = "1..*", description = "The affected names.")
  List<String> names = new ArrayList<>();

  @Option(names = "--subtree", description = "All names below them are affected, too.")
  boolean subtree;

  @Option(
      names = "--incident",
      paramLabel = "ID",
      description = "The incident whose override it ends.")
  @Nullable String incident;

  @Mixin AlertFlags flags = new AlertFlags();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    List<DnsName> affected = Names.parse(names);
    flags.waiting.check();
    return flush(session, flags, affected, subtree, AlertReference.optional(session, incident));
  }

  static ExitCode flush(
      Session session,
      AlertFlags flags,
      List<DnsName> affected,
      boolean subtree,
      Optional<StatementId> incident)
      throws Failure, InterruptedException {
    long life = AlertTold.lifeMillis(flags, Statement.Alert.MAX_FLUSH_MILLIS);
    Signer.Said said =
        new Signer(session, flags.signing, "operations")
            .say(
                life,
                header ->
                    new Statement.Alert(
                        header,
                        affected,
                        subtree,
                        new Statement.FlushAction(),
                        incident,
                        Optional.empty(),
                        flags.severity,
                        flags.headline,
                        flags.evidence,
                        flags.exercise));
    return AlertTold.tell(session, flags.waiting, said);
  }
}
