package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// How long an override is still answered after somebody ended it: from the commit of the recall,
/// or of the revocation of the key that submitted it, at the node that it was handed to, to the
/// last resolver's answer without it. The resolvers' answers are asked for, not the nodes' opinion.
final class EndingBench {
  /// Endings of each kind before the first one that counts.
  private static final int WARM_UP = 5;

  /// Between two rounds of questions: what a figure may be too large by, and the questions' time.
  private static final long LOOK_NANOS = 200_000;

  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final long DAY_MILLIS = 24 * Header.HOUR_MILLIS;

  /// Nothing in the lab has it (RFC 5737): only an overlay answers so.
  private static final byte[] CORRECT = {(byte) 198, 51, 100, 77};

  private final Cast cast;
  private final NetworkId network;
  private final String domain;

  EndingBench(Cast cast, String domain) {
    this.cast = cast;
    this.network = NetworkId.named("test");
    this.domain = domain;
  }

  /// @param endings of each kind
  /// @return figures in milliseconds
  Map<String, Object> run(int endings) throws NotSeen, IOException {
    List<Double> recalled = new ArrayList<>();
    List<Double> revoked = new ArrayList<>();
    for (int i = -WARM_UP; i < endings; i++) {
      double afterRecall = recall("recalled" + (i + WARM_UP));
      double afterRevocation = revoke("revoked" + (i + WARM_UP));
      if (i >= 0) {
        recalled.add(afterRecall);
        revoked.add(afterRevocation);
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("endings_of_each_kind", endings);
    figures.put("recalled_gone_ms", NetworkBench.percentiles(recalled));
    figures.put("revoked_gone_ms", NetworkBench.percentiles(revoked));
    return figures;
  }

  private double recall(String label) throws NotSeen, IOException {
    DnsName name = name(label);
    Envelope alert = cast.isp().say(DAY_MILLIS, header -> override(header, name));
    confirm(alert.id(), name);
    cast.isp().say(0, header -> new Statement.Recall(header, alert.id(), "measured"));
    return gone(name);
  }

  private double revoke(String label) throws NotSeen, IOException {
    DnsName name = name(label);
    long now = System.currentTimeMillis();
    Newcomer newcomer = new Newcomer(network, label, now);
    Envelope vouch =
        cast.finance()
            .say(
                DAY_MILLIS,
                header ->
                    new Statement.Vouch(
                        header,
                        newcomer.id(),
                        List.of(Role.SUBMITTER),
                        List.of(name),
                        0,
                        "invented"));
    cast.finance().hand(newcomer.profile());
    for (Member member : cast.members()) {
      until("a vouch arrives", () -> member.has(vouch.id()));
      until("a profile arrives", () -> member.has(newcomer.profile().id()));
    }
    Envelope alert = newcomer.sign(override(newcomer.firstWords(now, DAY_MILLIS), name));
    cast.isp().hand(alert);
    confirm(alert.id(), name);
    cast.isp().hand(newcomer.revokesItsKey(System.currentTimeMillis()));
    return gone(name);
  }

  private DnsName name(String label) {
    return DnsName.of(label + "." + domain);
  }

  private static Statement override(Header header, DnsName name) {
    return new Statement.Alert(
        header,
        List.of(name),
        false,
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(ByteString.copyFrom(CORRECT))),
            List.of(),
            List.of(),
            List.of(),
            false,
            60),
        Optional.empty(),
        Optional.empty(),
        Severity.SEVERE,
        "measured",
        "",
        false);
  }

  /// The second signature, and the wait until every resolver answers with it.
  private void confirm(StatementId alert, DnsName name) throws NotSeen, IOException {
    until("the alert arrives at the endorser's node", () -> cast.security().has(alert));
    cast.security().say(DAY_MILLIS, header -> new Statement.Endorsement(header, alert));
    for (SimpleResolver resolver : resolvers()) {
      until("a resolver answers with the override", () -> answers(resolver, name));
    }
    for (Member member : cast.withResolver()) {
      until(
          "the override is verified",
          () ->
              member
                  .progress(alert)
                  .filter(progress -> progress.word().equals("verified"))
                  .isPresent());
    }
  }

  /// From just now to the last resolver's first answer without the override.
  private double gone(DnsName name) throws NotSeen, IOException {
    long ended = System.nanoTime();
    for (SimpleResolver resolver : resolvers()) {
      until("an override is gone from a resolver's answers", () -> !answers(resolver, name));
    }
    return Math.round((System.nanoTime() - ended) / 10_000.0) / 100.0;
  }

  private List<SimpleResolver> resolvers() {
    List<SimpleResolver> all = new ArrayList<>();
    for (Member member : cast.withResolver()) {
      SimpleResolver resolver = new SimpleResolver(member.resolver().orElseThrow().address());
      resolver.setTimeout(ANSWER);
      all.add(resolver);
    }
    return all;
  }

  private static boolean answers(SimpleResolver resolver, DnsName name) {
    try {
      Message question =
          Message.newQuery(Record.newRecord(Name.fromString(name.toString()), Type.A, DClass.IN));
      for (Record record : resolver.send(question).getSection(Section.ANSWER)) {
        if (record instanceof ARecord a
            && ByteString.copyFrom(a.getAddress().getAddress())
                .equals(ByteString.copyFrom(CORRECT))) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("a resolver does not answer: " + e.getMessage(), e);
    }
  }

  private static void until(String what, Patience.Condition condition) throws NotSeen {
    long deadline = System.nanoTime() + Limits.STEP.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new NotSeen("it is not so after " + Limits.STEP.toSeconds() + " s that " + what);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
