package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.trust.CorrectRecord;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.TrustPolicy;

/// All that can happen to a node, one of the six vocabularies.
public sealed interface Event {
  /// The first event of each life: the core has the log and takes up what was left undone.
  ///
  /// @param seed of this life's draws: nobody else may know it, or he could make himself chosen
  record Started(long seed) implements Event {
    public Started() {
      this(0);
    }
  }

  /// The moment that `NodeCore.nextDeadline()` named has come.
  record DeadlineReached() implements Event {}

  /// A mutually authenticated stream stands.
  ///
  /// @param nodeKey the key of the peer's TLS certificate
  /// @param dialledAddress "host:port" if we dialled; empty if the peer did
  record PeerConnected(PeerId peer, KeyId nodeKey, Optional<String> dialledAddress)
      implements Event {}

  /// A stream ended, or a dial came to nothing and never was a stream.
  record PeerDisconnected(PeerId peer, String reason) implements Event {}

  record DialFailed(String address, String reason) implements Event {}

  record FrameReceived(PeerId peer, Frame frame) implements Event {}

  /// A peer broke the protocol in a way that is provable by what it sent (a bad signature, a
  /// malformed frame). The transport has dropped the frame.
  record PeerFaulted(PeerId peer, String reason) implements Event {}

  /// The queue to a peer overflowed and was dropped: it must be reconciled.
  record PeerOverflowed(PeerId peer) implements Event {}

  /// An operator hands in a signed statement; answered by `Effect.Reply` with the same request.
  record Submitted(long request, Envelope envelope) implements Event {}

  /// An operator chooses an anchor. The envelopes are its profile, as its card carries it.
  record AnchorAdded(long request, OrganizationId anchor, String name, List<Envelope> profile)
      implements Event {
    public AnchorAdded {
      profile = List.copyOf(profile);
    }
  }

  record AnchorRemoved(long request, OrganizationId anchor) implements Event {}

  record PeerAddressAdded(long request, String address) implements Event {}

  record PeerAddressRemoved(long request, String address) implements Event {}

  /// An operator approves an alert that policy holds back.
  record Approved(long request, StatementId alert) implements Event {}

  /// Serve these records at `Overlay.CANARY` from now on, none: nothing there. An operator tries
  /// the way from the zone to the resolvers' answers.
  record CanaryPlaced(List<CorrectRecord> records) implements Event {
    public CanaryPlaced {
      records = List.copyOf(records);
    }
  }

  /// The configuration was read again: the whole of what can change while the node runs.
  ///
  /// @param rogueTriggers as in `CoreConfig`
  /// @param bootstrap takes the place of the addresses that were dialled from the start
  /// @param resolvers names of all resolvers beside this node from now on
  /// @param changed those of them that are reached in another way than before, or are another
  ///   server
  record Reconfigured(
      TrustPolicy policy,
      long flushJitterMillis,
      boolean rogueTriggers,
      List<String> bootstrap,
      List<String> resolvers,
      List<String> changed)
      implements Event {
    public Reconfigured {
      bootstrap = List.copyOf(bootstrap);
      resolvers = List.copyOf(resolvers);
      changed = List.copyOf(changed);
    }
  }

  /// There is room on the file system of the log again, or too little to take in what is new.
  record RoomChanged(boolean enough) implements Event {}

  /// By the operator's policy, statements that were refused before this Unix time need not be kept
  /// any longer.
  record RefusedOutdated(long beforeMillis) implements Event {}

  /// What came of an `Effect.Actuate`.
  record Actuated(long ticket, Outcome outcome) implements Event {}

  /// How an operation on a resolver, or on the world's DNS, ended.
  sealed interface Outcome {
    /// Done; nothing to report.
    record Done() implements Outcome {}

    /// The resolver holds this serial of the overlay zone; empty if it holds none.
    record Held(Optional<Long> serial) implements Outcome {}

    /// It answered a probe: rdata in wire form, without owner and TTL.
    record Answered(int responseCode, List<ByteString> rdata) implements Outcome {
      public Answered {
        rdata = List.copyOf(rdata);
      }
    }

    /// The registry and the authoritative servers are as the incident says they should be, or not,
    /// and then in one sentence what is still wrong.
    record Delegation(Optional<String> wrong) implements Outcome {}

    /// The resolver's operator has something of its own there, which is left as it is, in one
    /// sentence; what does not need the operation goes on without it.
    record Refused(String reason) implements Outcome {}

    /// It could not be done, in one sentence.
    record Failed(String reason) implements Outcome {}
  }
}
