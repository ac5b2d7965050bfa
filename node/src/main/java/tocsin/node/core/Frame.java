package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.storage.LogId;
import tocsin.storage.SignedNote;
import tocsin.trust.Envelope;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
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
  ///
  /// @param hops how many nodes the newest of them has passed before the speaker: a hint, 0 to
  ///   [#FAR]
  record Push(List<Envelope> envelopes, int hops) implements Frame {
    /// Far from where it was said, or asked for: most have it by now.
    public static final int FAR = 255;

    public Push {
      envelopes = List.copyOf(envelopes);
    }

    /// What was asked for.
    public Push(List<Envelope> envelopes) {
      this(envelopes, FAR);
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

  /// @param sum of the ids, modulo 2^256
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

  /// Asks for coded symbols of the listener's set for one anchor, to find what both differ in.
  ///
  /// @param count statements in the speaker's set
  /// @param sketch of the speaker's set (`DifferenceSketch`), from which the listener guesses how
  ///   many symbols are needed
  /// @param least symbols that are wanted at least; 0 at first
  record Compare(OrganizationId anchor, long count, ByteString sketch, int least) implements Frame {
    public static final int SKETCH_BYTES = DifferenceSketch.SIZE_BYTES;
  }

  /// Answer to a Compare: the first coded symbols of the speaker's set (`RatelessSymbols`).
  ///
  /// @param digest of the same set
  /// @param symbols empty if the speaker cannot help: too many differences, or asked too often
  record Symbols(AnchorDigest digest, ByteString symbols) implements Frame {
    public static final int SYMBOL_BYTES = RatelessSymbols.SYMBOL_BYTES;
  }

  /// Asks for statements that a comparison found missing.
  ///
  /// @param cuts the first six bytes of each id, as a number
  record Want(List<Long> cuts) implements Frame {
    public Want {
      cuts = List.copyOf(cuts);
    }
  }

  /// A pushed statement was not accepted, and why. Never relayed.
  record Refused(StatementId id, String reason) implements Frame {}

  /// What a node said of a log: the speaker's own, the listener's as the speaker remembers it, or a
  /// third node's. Its signatures are not verified yet.
  ///
  /// @param node whose log it is
  /// @param oldSize where `proof` begins; 0 if there is none
  /// @param proof of consistency (RFC 9162 section 2.1.4)
  record Checkpoint(SignedNote note, PublicKey node, long oldSize, List<Sha256> proof)
      implements Frame {
    public Checkpoint {
      proof = List.copyOf(proof);
    }
  }

  /// Answer to a checkpoint of the listener's own log.
  ///
  /// @param size of the checkpoint that was cosigned; without a cosignature: whence a proof is
  ///   wanted
  record Witnessed(LogId log, long size, Optional<SignedNote.Signature> cosignature)
      implements Frame {}

  /// How the speaker wishes to be told of new statements on this stream. Whole, if the speaker
  /// chose the stream and does not choke it; else by id, but for what is so new that it goes to
  /// all. Before the first wish: whole.
  ///
  /// @param eager the speaker chose this stream
  /// @param choked others bring the speaker everything sooner: ids are enough for now
  record Wish(boolean eager, boolean choked) implements Frame {}

  record Ping(long nonce) implements Frame {}

  record Pong(long nonce) implements Frame {}
}
