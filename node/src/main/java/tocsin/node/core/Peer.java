package tocsin.node.core;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

  /// Digests came in before that resume was answered.
  boolean digestsWhileResuming;

  long lastFullPassNanos;

  /// Portions of our log that are on their way to it: the index after each. The last one is where
  /// the next portion begins.
  final ArrayDeque<Long> portions = new ArrayDeque<>();

  /// What it is sent before the next of them, oldest first.
  final ArrayDeque<StatementId> headStart = new ArrayDeque<>();

  long lastHeadStartNanos;

  /// The last of them said that nothing more came.
  boolean portionsEnded;

  /// A comparison of sets that is under way, asked for by us.
  Optional<Comparison.UnderWay> comparing = Optional.empty();

  /// It asked for a comparison that waits for our symbols.
  Optional<Frame.Compare> compareAsked = Optional.empty();

  /// Not before that do we compare sets with it again.
  long nextComparisonNanos;

  /// Since when its digests differ from ours; empty while they do not.
  OptionalLong differsSinceNanos = OptionalLong.empty();

  /// Comparisons that it asked for since then.
  long comparisonsSinceNanos;

  int comparisonsServed;

  /// Found missing by a comparison and not yet asked for, and what was asked for and has not come.
  final ArrayDeque<Long> missing = new ArrayDeque<>();

  final TreeSet<Long> wanted = new TreeSet<>();

  /// The size of our log as it last witnessed it; 0 if it did not.
  long witnessedSize;

  /// In the draws for the mesh; null until it is drawn for.
  @Nullable Luck luck;

  /// What it last said it carries.
  Optional<Frame.Digests> lastDigests = Optional.empty();

  /// Whole statements go to whoever chose the stream; a new stream is chosen.
  boolean weChose = true;

  boolean theyChose = true;

  /// Ids are enough for us, for them, as long as all is well.
  boolean weChoke;

  boolean theyChoke;

  /// What it knows of our wish.
  Frame.Wish wishSent = new Frame.Wish(true, false);

  /// How long after the first copy this peer's came, smoothed; and how many were compared.
  private long latenessNanos;

  private int samples;

  private final Set<StatementId> known = new LinkedHashSet<>();

  Peer(PeerId id, KeyId nodeKey, Optional<String> dialledAddress, long connectedNanos) {
    this.id = id;
    this.nodeKey = nodeKey;
    this.dialledAddress = dialledAddress;
    this.connectedNanos = connectedNanos;
    this.lastHeardNanos = connectedNanos;
    this.nextPingNanos = connectedNanos;
    this.nextComparisonNanos = connectedNanos;
    this.comparisonsSinceNanos = connectedNanos;
    this.lastHeadStartNanos = connectedNanos - Limits.FULL_PASS_MILLIS * Moment.NANOS_PER_MILLI;
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

  /// It brought a statement before everybody else.
  void wasFirst() {
    wasLate(0);
  }

  /// It brought or announced a statement so long after the first.
  void wasLate(long nanos) {
    latenessNanos = samples == 0 ? nanos : latenessNanos + (nanos - latenessNanos) / 8;
    samples++;
  }

  long latenessNanos() {
    return latenessNanos;
  }

  int samples() {
    return samples;
  }

  /// The network it says it is in: an IPv4 /16, an IPv6 /32; empty if its address is a name.
  String network() {
    String address = hello.map(Frame.Hello::address).orElse("");
    Matcher four = IPV4.matcher(address);
    if (four.lookingAt()) {
      return four.group(1);
    }
    Matcher six = IPV6.matcher(address);
    return six.lookingAt() ? six.group(1) : "";
  }

  private static final Pattern IPV4 = Pattern.compile("(\\d+\\.\\d+)\\.\\d+\\.\\d+:");
  private static final Pattern IPV6 = Pattern.compile("\\[([0-9a-f]*:[0-9a-f]*):");

  boolean knows(StatementId statement) {
    return known.contains(statement);
  }

  /// What was sent to it may not have arrived.
  void forgetsAll() {
    known.clear();
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
