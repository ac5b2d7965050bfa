package tocsin.node.core;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// All that a node can do to the world, one of the six vocabularies. Effects run after the log's
/// commit, in order; running one twice does no harm.
public sealed interface Effect {
  record Send(PeerId peer, Frame frame, Priority priority) implements Effect {}

  /// Order in a peer's outbound queue.
  enum Priority {
    CONTROL,
    ALERT,
    RELAY,
    SYNC
  }

  /// Connect to "host:port"; ends in PeerConnected or DialFailed.
  record Dial(String address) implements Effect {}

  record Disconnect(PeerId peer, String reason) implements Effect {}

  /// Answers an operator's request.
  record Reply(long request, Answer answer) implements Effect {}

  sealed interface Answer {
    /// Accepted and durable.
    ///
    /// @param duplicate it was there already
    record Accepted(boolean duplicate) implements Answer {}

    /// Not trusted, or refused by policy.
    record Refused(String reason) implements Answer {}

    record NotFound(String reason) implements Answer {}
  }

  /// The DNS server serves this overlay under this serial from now on, and notifies.
  record ServeOverlay(Overlay overlay, long serial) implements Effect {}

  /// What the lookup zone shows from now on, as a difference to what it shows already.
  ///
  /// @param changes by the alert's index in the log; empty: it is shown no more
  record ServeListings(SortedMap<Long, Optional<Listing>> changes) implements Effect {
    public ServeListings {
      changes = Collections.unmodifiableSortedMap(new TreeMap<>(changes));
    }
  }

  /// How alerts stand here that stood otherwise, or had come less far, when that was last said.
  record ShowAlerts(List<Shown> alerts) implements Effect {
    public ShowAlerts {
      alerts = List.copyOf(alerts);
    }
  }

  /// One alert as people see it.
  ///
  /// @param progress at each resolver; empty as long as it has not become active
  record Shown(IncidentBook.Standing standing, List<Progress> progress) {
    public Shown {
      progress = List.copyOf(progress);
    }
  }

  /// Asks one resolver for one thing; ends in `Event.Actuated` with the same ticket.
  record Actuate(long ticket, String resolver, Operation operation) implements Effect {}

  /// Asks the world's own DNS, without our resolvers' caches; ends in `Event.Actuated`.
  record CheckDelegation(
      long ticket,
      List<DnsName> names,
      List<CorrectRecord> records,
      List<Statement.NameServer> nameServers)
      implements Effect {
    public CheckDelegation {
      names = List.copyOf(names);
      records = List.copyOf(records);
      nameServers = List.copyOf(nameServers);
    }
  }

  /// Operations on a resolver, each idempotent.
  sealed interface Operation {
    /// Which serial of the overlay do you hold? Outcome: Held.
    record ReadSerial() implements Operation {}

    /// Drop all that is cached at and below the name. Outcome: Done.
    record FlushSubtree(DnsName name) implements Operation {}

    /// Ask these servers for the zone. Outcome: Done, or Refused where the resolver's operator has
    /// chosen the zone's servers.
    record CorrectNameServers(DnsName zone, List<Statement.NameServer> nameServers)
        implements Operation {
      public CorrectNameServers {
        nameServers = List.copyOf(nameServers);
      }
    }

    record ClearNameServers(DnsName zone) implements Operation {}

    /// Place or lift a negative trust anchor (RFC 7646).
    record SetInsecure(DnsName zone) implements Operation {}

    record ClearInsecure(DnsName zone) implements Operation {}

    /// Ask as a client would. Outcome: Answered.
    record Probe(DnsName name, int type) implements Operation {}
  }

  /// The operator changed something that decides what this node believes: one line for the node's
  /// own audit file.
  record Audit(String line) implements Effect {}

  /// Keeps a proof that another node lied, as a file that anybody can check.
  ///
  /// @param name for the file; letters and digits
  record KeepProof(String name, String text) implements Effect {}

  /// Something that people should know now; goes to the node's own log.
  record Notice(Level level, String text) implements Effect {}

  enum Level {
    INFO,
    WARNING,
    ALARM
  }

  /// Stop: going on would do harm. Exit code 3.
  record Halt(String reason) implements Effect {}
}
