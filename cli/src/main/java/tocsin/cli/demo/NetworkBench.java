package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import tocsin.node.lab.LabInternet;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Measures the demonstration's network instead of playing a story on it: how long an alert needs
/// from the node that accepted it to all others, and from its second signature to an answer that
/// was verified at every resolver.
public final class NetworkBench {
  /// Alerts before the first one that counts: the JVM compiles what is hot.
  private static final int WARM_UP = 50;

  /// Between two alerts: the network is quiet when the next one comes.
  private static final long QUIET_NANOS = 20_000_000;

  /// Between two looks: what a figure may be too large by.
  private static final long LOOK_NANOS = 200_000;

  private static final long DAY_MILLIS = 24 * Header.HOUR_MILLIS;

  private final Casting casting;
  private final Init init;
  private final Screen screen;

  public NetworkBench(Casting casting, Init init, Screen screen) {
    this.casting = casting;
    this.init = init;
    this.screen = screen;
  }

  /// @param endings overrides that are recalled, and as many whose submitter's key is revoked
  /// @return figures in milliseconds
  public Map<String, Object> run(int alerts, int endings)
      throws IOException, InterruptedException, NotSeen {
    try (Closer closer = new Closer()) {
      Folder folder = closer.keep(Folder.make(false));
      LabInternet lab = closer.keep(casting.backing().lab());
      // More statements an hour than a network would grant to one key.
      Map<String, String> settings = Map.of("policy.slot-quota", "100000");
      Cast cast = new Cast(folder.path(), init, lab, casting.backing(), closer, settings);
      cast.assemble(casting.nodes());
      cast.introduce(DnsName.of(lab.domain()));
      Patience.until("everybody is connected", Limits.START, cast::isAssembled);
      Patience.until("resolvers hold the overlay", Limits.START, cast::overlaysAreHeld);
      List<Double> arrivals = new ArrayList<>();
      List<Double> verified = new ArrayList<>();
      for (int i = -WARM_UP; i < alerts; i++) {
        LockSupport.parkNanos(QUIET_NANOS);
        DnsName name = DnsName.of("n" + (i + WARM_UP) + "." + lab.domain());
        Envelope alert = raise(cast, name, lab);
        double arrival = arrival(cast, alert.id());
        double answer = verification(cast, alert.id());
        if (i >= 0) {
          arrivals.add(arrival);
          verified.add(answer);
        }
        if (i % 50 == 0) {
          screen.line(
              "alert "
                  + Math.max(i, 0)
                  + " of "
                  + alerts
                  + ": at every node after "
                  + arrival
                  + " ms, verified at every resolver after "
                  + answer
                  + " ms");
        }
      }
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("nodes", casting.nodes());
      figures.put("alerts", alerts);
      figures.put("resolvers", casting.backing().word());
      figures.put("cpus", Runtime.getRuntime().availableProcessors());
      figures.put("java", Runtime.version().toString());
      figures.put("accepted_everywhere_ms", percentiles(arrivals));
      figures.put("verified_ms", percentiles(verified));
      if (endings > 0) {
        figures.putAll(new EndingBench(cast, lab.domain()).run(endings));
      }
      return figures;
    }
  }

  private static Envelope raise(Cast cast, DnsName name, LabInternet lab) {
    ByteString right = ByteString.copyFrom(lab.rightAddress().getAddress());
    Statement.OverrideAction action =
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(right)), List.of(), List.of(), List.of(), false, 60);
    return cast.isp()
        .say(
            DAY_MILLIS,
            header ->
                new Statement.Alert(
                    header,
                    List.of(name),
                    false,
                    action,
                    Optional.empty(),
                    Optional.empty(),
                    Severity.SEVERE,
                    "measured",
                    "",
                    false));
  }

  /// From the commit at the submitter's node, just now, to the commit at the last of the others.
  private static double arrival(Cast cast, StatementId alert) throws NotSeen {
    long accepted = System.nanoTime();
    for (Member member : cast.members()) {
      spin(() -> member.has(alert));
    }
    return millisSince(accepted);
  }

  /// From the commit of the endorsement at the endorser's node to the last resolver's right answer.
  private static double verification(Cast cast, StatementId alert) throws NotSeen {
    cast.security().say(DAY_MILLIS, header -> new Statement.Endorsement(header, alert));
    long accepted = System.nanoTime();
    for (Member member : cast.withResolver()) {
      spin(() ->
          member
              .progress(alert)
              .filter(progress -> progress.word().equals("verified"))
              .isPresent());
    }
    return millisSince(accepted);
  }

  private static void spin(Patience.Condition condition) throws NotSeen {
    long deadline = System.nanoTime() + Limits.STEP.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new NotSeen("an alert did not arrive within " + Limits.STEP.toSeconds() + " s");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static double millisSince(long nanos) {
    return Math.round((System.nanoTime() - nanos) / 10_000.0) / 100.0;
  }

  static Map<String, Object> percentiles(List<Double> all) {
    List<Double> sorted = all.stream().sorted().toList();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("p50", at(sorted, 0.50));
    map.put("p99", at(sorted, 0.99));
    map.put("max", sorted.getLast());
    return map;
  }

  private static double at(List<Double> sorted, double part) {
    return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
  }
}
