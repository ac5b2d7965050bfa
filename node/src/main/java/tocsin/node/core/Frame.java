package tocsin.node.core;

import java.util.List;
import tocsin.storage.LogId;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// What nodes say to each other (`proto/gossip.proto`), one of the six vocabularies. Envelopes in a
/// received frame are verified: the transport did that before the core sees them.
public sealed interface Frame {
  /// The first frame in each direction.
  ///
  /// @param anchors organizations whose statements the speaker carries, ascending; at most 64
  /// @param address where the speaker listens, "host:port"; empty if it cannot be dialled
  record Hello(
      int versionMin,
      int versionMax,
      NetworkId network,
      OrganizationId organization,
      LogId logId,
      List<OrganizationId> anchors,
      String software,
      String address)
      implements Frame {
    public Hello {
      anchors = List.copyOf(anchors);
    }
  }

  /// Whole statements: new ones, or ones that were asked for.
  record Push(List<Envelope> envelopes) implements Frame {
    public Push {
      envelopes = List.copyOf(envelopes);
    }
  }

  /// Ids that the speaker holds. The transport also reports pushed duplicates in this form: it
  /// drops their bodies before it spends a signature check on them.
  record Announce(List<StatementId> ids) implements Frame {
    public Announce {
      ids = List.copyOf(ids);
    }
  }

  /// Asks for announced statements.
  record Pull(List<StatementId> ids) implements Frame {
    public Pull {
      ids = List.copyOf(ids);
    }
  }

  /// The speaker's set of statements, anchor by anchor.
  ///
  /// @param logSize of the speaker, with all that the digests count: who has the same may resume
  ///   from there another time
  record Digests(List<AnchorDigest> anchors, long logSize) implements Frame {
    public Digests {
      anchors = List.copyOf(anchors);
    }
  }

  /// @param sum of the statement ids, modulo 2^256
  record AnchorDigest(OrganizationId anchor, long count, Sha256 sum) {}

  /// Asks for all that the listener's log holds from this index on.
  record Resume(LogId logId, long index) implements Frame {}

  /// Answer to a Resume, in portions.
  ///
  /// @param next where to resume
  /// @param end nothing more for now
  record Appended(LogId logId, List<Envelope> envelopes, long next, boolean end) implements Frame {
    public Appended {
      envelopes = List.copyOf(envelopes);
    }
  }

  /// Asks for statements found missing by reconciliation.
  record Want(List<StatementId> ids) implements Frame {
    public Want {
      ids = List.copyOf(ids);
    }
  }

  /// A pushed statement was not accepted, and why. Never relayed.
  record Refused(StatementId id, String reason) implements Frame {}

  /// How the speaker wishes to be told of new statements on this stream. Whole, if either side
  /// chose the stream and the speaker does not choke it; else by id. Before the first wish: whole.
  ///
  /// @param eager the speaker chose this stream
  /// @param choked others bring the speaker everything sooner: ids are enough for now
  record Wish(boolean eager, boolean choked) implements Frame {}

  record Ping(long nonce) implements Frame {}

  record Pong(long nonce) implements Frame {}
}
