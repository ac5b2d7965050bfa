package tocsin.cli.demo;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import tocsin.node.lab.LabInternet;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;

/// Measures gossip alone: real nodes in one process, real streams over loopback, real logs; alerts
/// of 1 KiB that nobody endorses, at a steady rate, whether or not the last one has arrived.
///
/// An arrival is the time from an alert's first turn at the node that it was handed to, to its
/// first turn at another node, by one clock, in whole milliseconds. The first node's synced write
/// lies within that time, the other's does not.
///
/// Processor time is told twice. Raw: of the whole process from the first of the measured alerts
/// until the last has arrived, for each delivery: it includes what the nodes do anyway, and the
/// compiler. Marginal: without what the idle process took in the same time just before, and without
/// the thread that makes and signs the alerts, as submitters would on other machines.
public final class GossipBench {
  public static final int MIN_NODES = 5;

  /// In one process: each has some ten threads and a database.
  public static final int MAX_NODES = 40;

  public static final int MAX_RATE = 1_000;

  /// Until the compiler has little left to do: it takes more than the nodes do before that.
  private static final int WARM_UP = 3_000;

  private static final long IDLE_NANOS = 10_000_000_000L;
  private static final long SETTLE_NANOS = 15_000_000_000L;
  private static final long NANOS = 1_000_000_000L;
  private static final long LIFE_MILLIS = Header.HOUR_MILLIS;

  private final Init init;
  private final Screen screen;

  public GossipBench(Init init, Screen screen) {
    this.init = init;
    this.screen = screen;
  }

  /// @param rate alerts a second
  /// @return figures; times in milliseconds
  public Map<String, Object> run(int nodes, int rate, int alerts)
      throws IOException, InterruptedException, NotSeen {
    try (Closer closer = new Closer()) {
      Folder folder = closer.keep(Folder.make(false));
      Backing backing = Backing.of(Backing.Kind.EMBEDDED);
      LabInternet lab = closer.keep(backing.lab());
      Map<String, String> settings = Map.of("policy.slot-quota", "100000");
      Cast cast = new Cast(folder.path(), init, lab, backing, closer, settings);
      cast.assemble(nodes);
      cast.introduce(DnsName.of(lab.domain()));
      Patience.until("everybody is connected", Limits.START.multipliedBy(3), cast::isAssembled);
      screen.line(nodes + " nodes are connected; the mesh settles");
      LockSupport.parkNanos(SETTLE_NANOS);
      DnsName name = DnsName.of("www." + lab.domain());
      // As fast as they are taken, so that what runs often is compiled.
      awaitAll(cast, raise(cast, name, MAX_RATE, WARM_UP));
      screen.line("warm; now idle, to see what that costs");
      double idle = idleCpuPerNano();
      screen.line("measuring");
      long compiling = compilingMillis();
      long cpu = cpuNanos();
      long own = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long began = System.nanoTime();
      List<Envelope> raised = raise(cast, name, rate, alerts);
      double seconds = (System.nanoTime() - began) / (double) NANOS;
      long signing = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - own;
      awaitAll(cast, raised);
      long used = cpuNanos() - cpu;
      double marginal = used - signing - idle * (System.nanoTime() - began);
      long compiled = compilingMillis() - compiling;
      List<Long> arrivals = arrivals(cast, raised);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("nodes", nodes);
      figures.put("alerts", alerts);
      figures.put("bytes_per_alert", raised.getFirst().wire().size());
      figures.put("alerts_per_second", Math.round(alerts / seconds * 10) / 10.0);
      figures.put("cpus", Runtime.getRuntime().availableProcessors());
      figures.put("java", Runtime.version().toString());
      figures.put("deliveries", arrivals.size());
      figures.put("arrival_ms", Percentiles.of(arrivals));
      figures.put("cpu_ms_per_delivery_raw", hundredths(used / 1e6 / arrivals.size()));
      figures.put("cpu_ms_per_delivery", hundredths(marginal / 1e6 / arrivals.size()));
      figures.put("of_that_compiling", hundredths((double) compiled / arrivals.size()));
      figures.put("cpu_ms_per_alert_raised", hundredths(signing / 1e6 / alerts));
      figures.put("idle_cpu_percent_of_one", hundredths(idle * 100));
      return figures;
    }
  }

  private static List<Envelope> raise(Cast cast, DnsName name, int rate, int count) {
    List<Member> submitters = List.of(cast.isp(), cast.security(), cast.faraway());
    List<Envelope> raised = new ArrayList<>();
    Pace pace = Pace.perSecond(rate);
    for (int i = 0; i < count; i++) {
      pace.await();
      Member submitter = submitters.get(i % submitters.size());
      raised.add(Measured.raise(submitter, name, LIFE_MILLIS, "measured"));
    }
    return raised;
  }

  /// Waits until everything is everywhere: the newest first, because then the others hardly need be
  /// asked for.
  private static void awaitAll(Cast cast, List<Envelope> raised)
      throws NotSeen, InterruptedException {
    for (Member member : cast.members()) {
      Patience.until(
          "all alerts are at " + member.name(),
          Limits.STEP.multipliedBy(3),
          () -> raised.reversed().stream().allMatch(alert -> member.has(alert.id())));
    }
  }

  /// Processor nanoseconds of the process in a nanosecond in which nothing is raised.
  private static double idleCpuPerNano() {
    long cpu = cpuNanos();
    long began = System.nanoTime();
    LockSupport.parkNanos(IDLE_NANOS);
    return (cpuNanos() - cpu) / (double) (System.nanoTime() - began);
  }

  private static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /// Reads when everything came.
  private static List<Long> arrivals(Cast cast, List<Envelope> raised) {
    List<Long> arrivals = new ArrayList<>();
    for (Envelope alert : raised) {
      List<Long> seen =
          cast.members().stream()
              .map(member -> member.seenMillis(alert.id()))
              .map(OptionalLong::orElseThrow)
              .sorted()
              .toList();
      // The first is the node that it was handed to.
      seen.stream().skip(1).forEach(time -> arrivals.add(time - seen.getFirst()));
    }
    return arrivals;
  }

  private static long compilingMillis() {
    return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
