package tocsin.cli.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tocsin.node.lab.LabInternet;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;
import tocsin.trust.Statement;

/// Measures what peers that stop reading cost everybody else: a real node, guests' streams over
/// loopback, and alerts of 1 KiB at a steady rate. For a while all guests read; then some of them
/// stop, and dial anew whenever the node has had time to let go of them, and do not read that
/// stream either; at last they read what they missed.
///
/// Minute by minute: how long alerts need, from the moment they are handed to the node, to each
/// guest that reads; and what is in use after a collection, on the heap and outside of it. The
/// guests live in the same process, so what lies unread in their buffers counts too.
public final class ReadersBench {
  /// Before the numbers in the headlines of measured alerts.
  private static final String HEADLINE = "measured ";

  private static final int WARM_UP = 3_000;

  /// A node lets go of a silent peer after 35 seconds.
  private static final long PATIENCE_NANOS = 36_000_000_000L;

  private static final int MINUTE = 60;

  /// Expired before the next minute is over: as many are live all the time.
  private static final long LIFE_MILLIS = 60_000;

  private final Init init;
  private final Screen screen;

  /// What happened in a minute.
  ///
  /// @param millis of each delivery, ascending
  private record Minute(List<Double> millis, double heapMegabytes, double outsideMegabytes) {
    double p50() {
      return Percentiles.at(millis, 0.5);
    }

    double p99() {
      return Percentiles.at(millis, 0.99);
    }
  }

  public ReadersBench(Init init, Screen screen) {
    this.init = init;
    this.screen = screen;
  }

  /// @param stalled of the peers stop reading
  /// @param minutes in which they do not read; before that all read for half of that time
  /// @param rate alerts a second
  public Map<String, Object> run(int peers, int stalled, int minutes, int rate)
      throws IOException, InterruptedException, NotSeen {
    int before = Math.max(1, minutes / 2);
    int alerts = WARM_UP + (before + minutes) * MINUTE * rate;
    try (Closer closer = new Closer()) {
      Folder folder = closer.keep(Folder.make(false));
      Backing backing = Backing.of(Backing.Kind.EMBEDDED);
      LabInternet lab = closer.keep(backing.lab());
      Map<String, String> settings = Map.of("policy.slot-quota", "100000");
      Member member = new Cast(folder.path(), init, lab, backing, closer, settings).alone();
      List<Guest> guests = new ArrayList<>();
      for (int i = 0; i < peers; i++) {
        Guest guest =
            closer.keep(
                new Guest(
                    NetworkId.named(Cast.NETWORK),
                    member.id(),
                    member.gossip(),
                    ReadersBench::number,
                    alerts));
        guest.dial();
        guests.add(guest);
      }
      Patience.until(
          "all are connected", Limits.START, () -> guests.stream().allMatch(Guest::isConnected));
      Course course = new Course(member, DnsName.of("www." + lab.domain()), rate);
      course.play(WARM_UP, Integer.MAX_VALUE, guests, List.of());
      screen.line(peers + " peers read");
      List<Minute> read = course.minutes(before, guests, List.of());
      long index = member.ask(core -> core.view().log().size());
      int first = course.number;
      List<Guest> deaf = guests.subList(0, stalled);
      List<Guest> others = guests.subList(stalled, peers);
      deaf.forEach(Guest::stopReading);
      screen.line(stalled + " of them read no more");
      List<Minute> unread = course.minutes(minutes, others, deaf);
      int missed =
          course.number
              - first
              - deaf.stream().mapToInt(it -> it.count(first, alerts)).min().orElse(0);
      screen.line("they go on");
      long began = System.nanoTime();
      deaf.forEach(Guest::goOn);
      deaf.forEach(Guest::dialAgain);
      Patience.until(
          "they are connected", Limits.START, () -> deaf.stream().allMatch(Guest::isConnected));
      deaf.forEach(guest -> guest.catchUp(index));
      Patience.until(
          "they have read the log",
          Limits.START.multipliedBy(5),
          () -> deaf.stream().allMatch(Guest::hasReadAll));
      double caughtUp = (System.nanoTime() - began) / 1e9;
      int missing =
          guests.stream().mapToInt(guest -> course.number - guest.count(0, course.number)).sum();
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("benchmark", "readers");
      figures.put("cpus", Runtime.getRuntime().availableProcessors());
      figures.put("java", Runtime.version().toString());
      figures.put("peers", peers);
      figures.put("stalled", stalled);
      figures.put("alerts_per_second", rate);
      figures.put("all_read", told(read));
      figures.put("some_do_not_read", told(unread));
      figures.put("p99_ratio", rounded(median(unread, Minute::p99) / median(read, Minute::p99)));
      figures.put("heap_growth_mb", rounded(growth(read, unread, Minute::heapMegabytes)));
      figures.put("outside_growth_mb", rounded(growth(read, unread, Minute::outsideMegabytes)));
      figures.put("missed_by_each_at_most", missed);
      figures.put("read_after_seconds", rounded(caughtUp));
      figures.put("lost", missing);
      return figures;
    }
  }

  private static int number(Envelope envelope) {
    return envelope.statement() instanceof Statement.Alert alert
            && alert.headline().startsWith(HEADLINE)
        ? Integer.parseInt(alert.headline().substring(HEADLINE.length()))
        : -1;
  }

  private interface Part {
    double of(Minute minute);
  }

  private static double median(List<Minute> minutes, Part part) {
    List<Double> sorted = minutes.stream().map(part::of).sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  /// By how much the most that was in use while some did not read is above what would have been in
  /// use by then, had it gone on as before: logs grow.
  private static double growth(List<Minute> read, List<Minute> unread, Part part) {
    double last = part.of(read.getLast());
    double each = (last - part.of(read.getFirst())) / Math.max(1, read.size() - 1);
    double most = 0;
    for (int i = 0; i < unread.size(); i++) {
      most = Math.max(most, part.of(unread.get(i)) - last - each * (i + 1));
    }
    return most;
  }

  private static Map<String, Object> told(List<Minute> minutes) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("minutes", minutes.size());
    map.put("p50_ms", rounded(median(minutes, Minute::p50)));
    map.put("p99_ms", rounded(median(minutes, Minute::p99)));
    map.put("p99_ms_of_each", minutes.stream().map(it -> rounded(it.p99())).toList());
    map.put("heap_mb", minutes.stream().map(it -> rounded(it.heapMegabytes)).toList());
    map.put("outside_heap_mb", minutes.stream().map(it -> rounded(it.outsideMegabytes)).toList());
    return map;
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }

  /// The alerts, one after the other.
  private final class Course {
    private final Member member;
    private final DnsName name;
    private final int rate;
    private int number;
    private long dialledNanos = System.nanoTime();

    Course(Member member, DnsName name, int rate) {
      this.member = member;
      this.name = name;
      this.rate = rate;
    }

    List<Minute> minutes(int count, List<Guest> readers, List<Guest> deaf)
        throws InterruptedException, NotSeen, IOException {
      List<Minute> minutes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        List<Double> millis = play(MINUTE * rate, rate, readers, deaf);
        Minute minute = new Minute(millis, heapMegabytes(), outsideMegabytes());
        minutes.add(minute);
        screen.line(
            "minute %d of %d: p50 %.1f, p99 %.1f ms; %.1f MB of heap"
                .formatted(i + 1, count, minute.p50(), minute.p99(), minute.heapMegabytes));
      }
      return minutes;
    }

    /// Raises so many at that rate, and waits until all readers have them.
    ///
    /// @return milliseconds of each delivery, ascending
    List<Double> play(int count, int perSecond, List<Guest> readers, List<Guest> deaf)
        throws InterruptedException, NotSeen {
      long[] raised = new long[count];
      int from = number;
      Pace pace = Pace.perSecond(perSecond);
      for (int i = 0; i < count; i++) {
        pace.await();
        raised[i] = System.nanoTime();
        Envelope _ = Measured.raise(member, name, LIFE_MILLIS, HEADLINE + number++);
        if (System.nanoTime() - dialledNanos > PATIENCE_NANOS) {
          dialledNanos = System.nanoTime();
          deaf.forEach(Guest::dialAgain);
        }
      }
      Patience.until(
          "all who read have all alerts",
          Limits.STEP.multipliedBy(3),
          () -> readers.stream().allMatch(guest -> guest.count(from, number) == count));
      List<Double> millis = new ArrayList<>();
      for (Guest guest : readers) {
        for (int i = 0; i < count; i++) {
          millis.add((guest.arrivedNanos(from + i) - raised[i]) / 1e6);
        }
      }
      millis.sort(null);
      return millis;
    }
  }

  private static double heapMegabytes() {
    ManagementFactory.getMemoryMXBean().gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  /// Resident memory without the heap, all of which is touched at the start: buffers, the log.
  private static double outsideMegabytes() throws IOException {
    long kilobytes = ProcessMemory.kilobytes(ProcessHandle.current().pid(), "VmRSS");
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    return (kilobytes * 1024 - heap) / 1e6;
  }
}
