package tocsin.node.core;

import com.google.common.net.InternetDomainName;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// What is to be done at one resolver for one alert: tasks in the only order that works. A resolver
/// that is flushed before it holds the new overlay caches the lie again; one that is probed before
/// it is flushed answers from its packet cache.
///
/// @param tasks done one after the other; a failed probe goes back to `retryFrom`
/// @param retryFrom index of the task that a wrong answer sends the plan back to
record Plan(List<Task> tasks, int retryFrom) {
  /// One step.
  sealed interface Task {
    /// The resolver must hold the overlay of this plan's serial.
    record AwaitSerial() implements Task {}

    record Act(Effect.Operation operation) implements Task {}

    record Check(Effect.Operation.Probe probe, Expected expected) implements Task {}
  }

  /// What a probe must find.
  sealed interface Expected {
    /// Exactly these rdata, in any order.
    record Exactly(TreeSetOfBytes rdata) implements Expected {}

    /// Any answer, but none of these rdata.
    record Without(TreeSetOfBytes rogue) implements Expected {}
  }

  /// A set of byte strings in a fixed order.
  record TreeSetOfBytes(List<ByteString> sorted) {
    static TreeSetOfBytes of(Iterable<ByteString> all) {
      TreeSet<ByteString> set = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
      all.forEach(set::add);
      return new TreeSetOfBytes(List.copyOf(set));
    }
  }

  Plan {
    tasks = List.copyOf(tasks);
  }

  /// An override that begins: overlay, name servers, flush, probe.
  static Plan override(Statement.Alert alert, Statement.OverrideAction action) {
    List<Task> tasks = new ArrayList<>();
    if (!action.records().isEmpty()) {
      tasks.add(new Task.AwaitSerial());
    }
    correct(alert, action, tasks);
    int retryFrom = tasks.size();
    flush(alert.names(), tasks);
    check(alert, action, tasks);
    return new Plan(tasks, retryFrom);
  }

  /// An override that ends: overlay gone, name servers cleared, flushed.
  static Plan end(Statement.Alert alert, Statement.OverrideAction action) {
    List<Task> tasks = new ArrayList<>();
    tasks.add(new Task.AwaitSerial());
    clear(alert, action, tasks);
    flush(alert.names(), tasks);
    return new Plan(tasks, 0);
  }

  /// Under the overlay's protection, before it is withdrawn.
  static Plan preflush(Statement.Alert alert) {
    List<Task> tasks = new ArrayList<>();
    flush(alert.names(), tasks);
    return new Plan(tasks, 0);
  }

  /// After the repair: overlay gone, name servers cleared, flushed, and the fresh answers are
  /// right.
  static Plan closing(Statement.Alert overridden, Statement.OverrideAction action) {
    List<Task> tasks = new ArrayList<>();
    tasks.add(new Task.AwaitSerial());
    clear(overridden, action, tasks);
    int retryFrom = tasks.size();
    flush(overridden.names(), tasks);
    check(overridden, action, tasks);
    return new Plan(tasks, retryFrom);
  }

  /// A flush that stands alone: there is nothing to compare with, any answer will do.
  static Plan flushAlone(Statement.Alert alert) {
    List<Task> tasks = new ArrayList<>();
    flush(alert.names(), tasks);
    return new Plan(tasks, 0);
  }

  private static void correct(
      Statement.Alert alert, Statement.OverrideAction action, List<Task> tasks) {
    for (DnsName name : alert.names()) {
      if (!action.nameServers().isEmpty()) {
        tasks.add(
            new Task.Act(new Effect.Operation.CorrectNameServers(name, action.nameServers())));
      }
      if (action.insecure()) {
        tasks.add(new Task.Act(new Effect.Operation.SetInsecure(name)));
      }
    }
  }

  private static void clear(
      Statement.Alert alert, Statement.OverrideAction action, List<Task> tasks) {
    for (DnsName name : alert.names()) {
      if (!action.nameServers().isEmpty()) {
        tasks.add(new Task.Act(new Effect.Operation.ClearNameServers(name)));
      }
      if (action.insecure()) {
        tasks.add(new Task.Act(new Effect.Operation.ClearInsecure(name)));
      }
    }
  }

  private static void flush(List<DnsName> names, List<Task> tasks) {
    TreeSet<DnsName> apexes = new TreeSet<>();
    for (DnsName name : names) {
      apexes.add(flushApex(name));
    }
    for (DnsName apex : apexes) {
      tasks.add(new Task.Act(new Effect.Operation.FlushSubtree(apex)));
    }
  }

  private static void check(
      Statement.Alert alert, Statement.OverrideAction action, List<Task> tasks) {
    TreeMap<Integer, List<ByteString>> byType = new TreeMap<>();
    for (CorrectRecord correct : action.records()) {
      byType.computeIfAbsent(correct.type(), _ -> new ArrayList<>()).add(Rdata.of(correct));
    }
    for (DnsName name : alert.names()) {
      byType.forEach((type, rdata) ->
          tasks.add(
              new Task.Check(
                  new Effect.Operation.Probe(name, type),
                  new Expected.Exactly(TreeSetOfBytes.of(rdata)))));
      if (byType.isEmpty()) {
        tasks.add(
            new Task.Check(
                new Effect.Operation.Probe(name, TYPE_A),
                new Expected.Without(TreeSetOfBytes.of(action.rogueAddresses()))));
      }
    }
  }

  private static final int TYPE_A = 1;

  /// The top of the subtree that a flush of this name must drop: the registrable domain, because a
  /// hijacked delegation that stays cached gives the rogue answer again at once (measured on four
  /// resolvers). Names without a known public suffix: their last two labels.
  static DnsName flushApex(DnsName name) {
    if (name.labelCount() <= 2) {
      return name;
    }
    String text = name.toString();
    try {
      InternetDomainName domain = InternetDomainName.from(text.substring(0, text.length() - 1));
      if (domain.isUnderPublicSuffix()) {
        return DnsName.of(domain.topPrivateDomain().toString());
      }
    } catch (IllegalArgumentException _) {
      // Names with underscores are no host names: they have no public suffix of their own.
    }
    DnsName apex = name;
    while (apex.labelCount() > 2) {
      apex = apex.parent().orElseThrow();
    }
    return apex;
  }

  /// True if the answer is what was expected.
  static boolean isAsExpected(Expected expected, Event.Outcome.Answered answer) {
    TreeSetOfBytes found = TreeSetOfBytes.of(answer.rdata());
    return switch (expected) {
      case Expected.Exactly exactly -> found.equals(exactly.rdata());
      case Expected.Without without ->
          !found.sorted().isEmpty()
              && found.sorted().stream().noneMatch(without.rogue().sorted()::contains);
    };
  }

  /// The word for how far a plan has come, for people and scripts.
  String progressWord(int index) {
    if (index >= tasks.size()) {
      return hasCheck() ? "verified" : "flushed";
    }
    return switch (tasks.get(index)) {
      case Task.AwaitSerial _ -> "published";
      case Task.Act _ -> "fetched";
      case Task.Check _ -> "flushed";
    };
  }

  /// There is nothing to publish and nothing to verify: whoever asks for it can wait a little.
  boolean flushesOnly() {
    return tasks.stream()
        .allMatch(task ->
            task instanceof Task.Act act
                && act.operation() instanceof Effect.Operation.FlushSubtree);
  }

  /// What is looked at in the end are the alert's own records, so that a good answer means that
  /// they are served, in whatever way.
  boolean provesRecords() {
    return tasks.stream()
        .anyMatch(task ->
            task instanceof Task.Check check && check.expected() instanceof Expected.Exactly);
  }

  private boolean hasCheck() {
    return tasks.stream().anyMatch(Task.Check.class::isInstance);
  }
}
