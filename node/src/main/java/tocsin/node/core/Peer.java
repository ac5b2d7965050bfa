package tocsin.node.core;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tocsin.trust.KeyId;
import tocsin.trust.StatementId;

/// What a node knows of one stream to one peer. Mutable, owned by `PeerBook`.
final class Peer {
  final PeerId id;
  final KeyId nodeKey;
  final Optional<String> dialledAddress;
  final long connectedNanos;

  Optional<Frame.Hello> hello = Optional.empty();

  /// The organization it names has standing here and lists its node key.
  boolean member;

  long lastHeardNanos;
  long nextPingNanos;
  OptionalLong pingSentNanos = OptionalLong.empty();
  long pingNonce;

  /// Smoothed as TCP does (RFC 6298); 0: not measured yet.
  long rttNanos;

  /// When to send digests next, and the version of the log for which they were sent last.
  long nextDigestNanos;

  long digestVersionSent = -1;

  /// A resume that is under way: when it was sent.
  OptionalLong resumeSentNanos = OptionalLong.empty();

  long lastFullPassNanos;

  /// The size of our log as it last witnessed it; 0 if it did not.
  long witnessedSize;

  /// What it last said it carries.
  Optional<Frame.Digests> lastDigests = Optional.empty();

  private final Set<StatementId> known = new LinkedHashSet<>();

  Peer(PeerId id, KeyId nodeKey, Optional<String> dialledAddress, long connectedNanos) {
    this.id = id;
    this.nodeKey = nodeKey;
    this.dialledAddress = dialledAddress;
    this.connectedNanos = connectedNanos;
    this.lastHeardNanos = connectedNanos;
    this.nextPingNanos = connectedNanos;
    this.lastFullPassNanos = connectedNanos - Limits.FULL_PASS_MILLIS * Moment.NANOS_PER_MILLI;
  }

  boolean isReady() {
    return hello.isPresent();
  }

  /// We take statements from members, and from whomever we ourselves chose to dial: a new node must
  /// learn its members from somebody. A guest that dialled us submits nothing.
  boolean maySubmit() {
    return isReady() && (member || dialledAddress.isPresent());
  }

  boolean knows(StatementId statement) {
    return known.contains(statement);
  }

  void learns(StatementId statement) {
    if (known.add(statement) && known.size() > Limits.MAX_KNOWN_IDS) {
      Iterator<StatementId> oldest = known.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  void measured(long sampleNanos) {
    rttNanos = rttNanos == 0 ? sampleNanos : rttNanos + (sampleNanos - rttNanos) / 8;
  }
}
