package tocsin.node.core;

/// Every limit of the protocol core, with its reason. Times in milliseconds unless the name says
/// otherwise.
public final class Limits {
  /// Protocol version spoken.
  public static final int VERSION = 1;

  /// A peer that does not say Hello within this time is no peer: a handshake takes two round trips,
  /// the farthest country pair 0.4 s.
  static final long HELLO_MILLIS = 5_000;

  /// Digests go out this often while something changes; bounds how long a lost push stays
  /// unnoticed.
  static final long DIGEST_MILLIS = 5_000;

  /// Round trips are measured this often; also finds streams that are open and dead.
  static final long PING_MILLIS = 10_000;

  /// Three pings unanswered: the peer is silent, and the stream is closed.
  static final long SILENCE_MILLIS = 3 * PING_MILLIS + HELLO_MILLIS;

  /// First and last wait before an address is dialled again: quick after a restart of the peer, and
  /// no burden on one that is gone.
  static final long REDIAL_MIN_MILLIS = 200;

  static final long REDIAL_MAX_MILLIS = 15_000;

  /// Streams kept at once: 20 of the mesh, guests, and room for a small network that connects to
  /// all.
  static final int MAX_PEERS = 256;

  /// Guests among them: open access, but members first.
  static final int MAX_GUESTS = 64;

  /// Addresses that may be dialled: the directory of a large network is not all dialled.
  static final int MAX_TARGETS = 256;

  /// Up to so many peers everybody is told everything whole: six copies of 1 KiB are nothing beside
  /// a millisecond.
  static final int ALL_EAGER = 9;

  /// What has passed so few nodes that all copies of those before it make no more than these, for
  /// each node of the network, goes whole to every stream ...
  static final int EARLY_COPIES = 11;

  /// ... and these, when statements have to be asked for: one hop more, nearly everything whole.
  static final int EARLY_COPIES_IN_TROUBLE = 16;

  /// ... and these, when copies are saved: with three unchoked streams a node they are what the
  /// world is crossed by (measured: docs/figures.md).
  static final double EARLY_COPIES_SAVING = 0.9;

  /// Where these do not suffice for every stream, so many more are told than asked for it, as long
  /// as all is well (measured: docs/figures.md).
  static final int EARLY_STREAMS = 4;

  /// Hardly anything has to be asked for: less than this share ...
  static final double HEALTHY_ASKED = 0.02;

  /// ... of so many: one that had to be asked for is bad luck, two of them are trouble.
  static final int HEALTH_STATEMENTS = 64;

  /// A node is busy when it has taken in so many statements ...
  static final int BUSY_STATEMENTS = 40;

  /// ... within this time: ten a second, where copies begin to cost more than they bring.
  static final long BUSY_MILLIS = 4_000;

  /// In a small network, where everybody hears from the origin, fewer are enough: as many as would
  /// make so many frames, one for each stream. Ten a second with nine streams, three with thirty.
  static final int BUSY_FRAMES = 360;

  /// In a small and busy network ids are told together after this time: a gap that neither the
  /// origin's copy nor a second one has closed is closed within a second.
  static final long HOLD_MILLIS = 1_000;

  /// ... or when they are so many: as many as one frame takes.
  static final int MAX_HELD = 1_024;

  /// Streams that carry whole statements in a larger network: near ones for speed, random ones
  /// because two of them a node, either way, and what goes early to all connect ten thousand nodes
  /// in four hops.
  static final int EAGER_NEAR = 3;

  static final int EAGER_RANDOM = 2;
  static final int EAGER = EAGER_NEAR + EAGER_RANDOM;

  /// Of those, dialled by us at least.
  static final int EAGER_OWN = 4;

  /// Of those, in one network at most.
  static final int EAGER_PER_NETWORK = 2;

  /// One random place is drawn anew after this time: an attacker's luck does not last.
  static final long REDRAW_MILLIS = 180_000;

  /// Streams that bring things late are choked this often, ...
  static final long CHOKE_MILLIS = 10_000;

  /// ... down to so many, ...
  static final int UNCHOKED = 3;

  /// ... if so many statements were compared, ...
  static final int CHOKE_SAMPLES = 16;

  /// ... came so late on average, ...
  static final long CHOKE_LATENESS_MILLIS = 2;

  /// ... and nothing was amiss for this long.
  static final long HEALTHY_MILLIS = 30_000;

  /// What was announced is asked for after half a round trip, within these bounds: longer than the
  /// usual spread of pushes, shorter than anybody notices.
  static final long PULL_MIN_MILLIS = 20;

  static final long PULL_MAX_MILLIS = 60;

  /// A second announcer is asked after one and a half round trips, and this at least.
  static final long HEDGE_MIN_MILLIS = 20;

  /// Ids announced and not here; beyond, digests tell.
  static final int MAX_MISSING = 4_096;

  /// Announcers remembered for each.
  static final int MAX_ANNOUNCERS = 8;

  /// Ids at the end of the log that are kept at hand for peers that resume there.
  static final int MAX_RECENT = 4_096;

  /// Statements whose first arrival is remembered, to see who is late.
  static final int MAX_ARRIVALS = 1_024;

  /// Streams that a node of a large network dials, bootstrap and operator's peers aside: near ones,
  /// random ones, and some to learn how far others are. With some thirty streams a node, news that
  /// goes to all of them is within two hops of a thousand nodes.
  static final int DIAL_NEAR = 6;

  static final int DIAL_RANDOM = 10;
  static final int DIAL_SAMPLES = 4;

  /// Up to so many known nodes a network is small: everybody is dialled.
  static final int ALL_DIALLED = 40;

  /// A member is dialled to learn how far it is, this often; the first two hundred take some
  /// minutes.
  static final long SAMPLE_MILLIS = 5_000;

  /// Anchors carried for others' sake, beside one's own: bounds what peers can make us store.
  static final int MAX_CARRIED_ANCHORS = 64;

  /// Ids remembered per peer as known to it; older ones cost at most a duplicate push.
  static final int MAX_KNOWN_IDS = 4_096;

  /// Statements whose issuer cannot be reached yet: a vouch that is under way comes within seconds,
  /// and reconciliation brings again what had to make room.
  static final int MAX_WAITING = 4_096;

  /// Of those, from one peer.
  static final int MAX_WAITING_PER_PEER = 512;

  /// Envelopes in one frame: the transport takes 64 KiB, this leaves room for framing.
  static final int FRAME_BYTES = 48 * 1024;

  /// A peer's log is read again from its beginning at most this often, when digests go on differing
  /// though everything new has been read.
  static final long FULL_PASS_MILLIS = 60_000;

  /// Portions of a log that are on their way to a peer at once: as much as the flow control window
  /// of its connection takes, so that a gap costs one round trip and the time of its bytes.
  static final int RESUME_WINDOW = 5;

  /// Who lacks more than so many statements of a log is sent first what is live: fewer come within
  /// a second or two, in whatever order.
  static final int HEAD_START_GAP = 4_096;

  /// Statements sent so before the rest: a bad day's thousand alerts with what was said of them.
  /// Where their turn comes in the log, those of which is forgotten by then that they were sent
  /// come once more: 2 MB at most.
  static final int MAX_HEAD_START = 4_096;

  /// Coded symbols kept of each set (some 55 KiB), enough for 2,900 differences: symbols and what
  /// they take on the wire, 40 KiB, fit into one frame.
  static final int SYMBOLS = 4_096;

  /// Beyond, a comparison would hardly ever end within the symbols that there are.
  static final int MAX_DIFFERENCES = 2_800;

  /// Statements by which coded symbols are brought up to date in one turn: some 3 ms.
  static final int CODED_PER_TURN = 8_192;

  /// Statements that a comparison may bring, or push: all that one can find.
  static final int MAX_WANTED = SYMBOLS;

  /// Of those, asked for at once: some 200 KiB of the usual size.
  static final int WANTED_AT_ONCE = 512;

  /// What one request for statements is answered with at most: half of a peer's queue.
  static final int WANTED_BYTES = 512 * 1024;

  /// A peer's sets are compared again at most this often after a comparison that found nothing.
  static final long FRUITLESS_MILLIS = 60_000;

  /// Comparisons that a peer may ask for in a second; each costs a millisecond and up to 40 KiB.
  static final int COMPARISONS_PER_SECOND = 8;

  /// A comparison that got no answer is over.
  static final long COMPARISON_PATIENCE_MILLIS = 10_000;

  /// Of two peers who both miss something, the one whose turn it is not waits this long.
  static final long COMPARISON_TURN_MILLIS = 12_000;

  /// A resume that got no answer is repeated.
  static final long RESUME_PATIENCE_MILLIS = 10_000;

  /// An issuer's clock may be this far ahead of ours.
  public static final long FUTURE_MILLIS = 300_000;

  /// Cut off from all peers for this long, a node takes no new overrides ...
  static final long ISOLATED_MILLIS = 300_000;

  /// ... and for this long, it withdraws the active ones: plain DNS is safer than old orders.
  static final long ISOLATED_WITHDRAW_MILLIS = 3_600_000;

  /// Alerts that are live at once; beyond, new ones wait. Each costs zone entries and flushes.
  static final int MAX_LIVE_ALERTS = 10_000;

  /// A resolver's serial is read back first after this time, doubling up to the maximum: unbound
  /// has fetched the zone 18 ms (median) after a NOTIFY.
  static final long SERIAL_POLL_MIN_MILLIS = 8;

  static final long SERIAL_POLL_MAX_MILLIS = 5_000;

  /// The first polls after a serial was published are no further apart than this: a PowerDNS
  /// Recursor has it after a second, and doubling alone would notice after two.
  static final long CLOSE_POLL_MAX_MILLIS = 64;

  /// How many they are: five seconds, which every kind has been seen to keep within.
  static final int CLOSE_POLLS = 80;

  /// A failed operation on a resolver is repeated after this time, doubling up to the maximum.
  static final long RETRY_MIN_MILLIS = 50;

  static final long RETRY_MAX_MILLIS = 5_000;

  /// A resolver is asked for its serial this often even if nothing is to be done: finds one that
  /// went away, or came back without our corrections.
  static final long RESOLVER_CHECK_MILLIS = 5_000;

  /// What was verified at a resolver is verified again this often while the override is active: a
  /// resolver that was restarted in between has lost what it does not fetch by itself.
  static final long REVERIFY_MILLIS = 30_000;

  /// So many verifications apart, the corrections themselves are made again: a process of a
  /// resolver may have started anew unseen, and a negative trust anchor is placed for less than an
  /// hour.
  static final int CORRECT_AGAIN = 10;

  /// Wrong answers in a row after which all is done again from the start, not only the flush: a
  /// resolver that was restarted in between has lost its corrections.
  static final int START_OVER = 3;

  /// Ended overrides that are cleared everywhere and still shown with their resolvers.
  static final int CLEARED_SHOWN = 256;

  /// A flush that was taken in its time is owed to resolvers so much longer: after two days nothing
  /// that it meant is cached any more (most resolvers keep nothing longer than one).
  static final long FLUSH_OWED_MILLIS = 48 * 3_600_000L;

  /// A closing flush waits this long at most for the flushes under the overlay's protection before
  /// it withdraws the overlay: one resolver that is down must not hold up the others.
  static final long PREFLUSH_MILLIS = 2_000;

  /// The registry is looked at again first after this time, doubling up to the maximum, while a
  /// closing flush waits for the repair.
  static final long DELEGATION_RETRY_MIN_MILLIS = 250;

  static final long DELEGATION_RETRY_MAX_MILLIS = 30_000;

  /// One submitter's flush of one subtree is done at most once in this time.
  static final long SAME_FLUSH_MILLIS = 600_000;

  /// Stand-alone flushes that a resolver is given each second, after a first few at once: one walks
  /// unbound's whole cache, 0.3 s with 200,000 names (measured), and 12 to 33 ms elsewhere.
  static final int FLUSHES_PER_SECOND = 20;

  static final int FLUSH_BURST = 20;

  /// A node signs and shows the head of its log this often: ten times within the time after which
  /// it counts as silent.
  static final long CHECKPOINT_MILLIS = 30_000;

  /// The first one of a life comes this long after the start: peers show first what they remember.
  static final long CHECKPOINT_FIRST_MILLIS = 2_000;

  /// A node that has signed before and has no peer to ask waits this long at most.
  static final long CHECKPOINT_LONELY_MILLIS = 60_000;

  /// Logs whose last checkpoint is remembered; some 4 KiB each.
  static final int MAX_SEEN_LOGS = 512;

  /// Third nodes' checkpoints passed on to each peer at a time.
  static final int RELAYED_CHECKPOINTS = 16;

  /// Signatures in the note of a checkpoint: the node's two, and witnesses.
  static final int MAX_COSIGNATURES = 32;

  /// Organizations whose clocks must be known for their median to be one: with two, each could move
  /// it alone.
  static final int CLOCK_WITNESSES = 3;

  /// Cosignatures are dated in whole seconds and take some time to come.
  static final long CLOCK_NOISE_MILLIS = 5_000;

  /// How far the witnesses' clock may be from ours and be followed: as far as an issuer's may be.
  static final long CLOCK_CORRECTION_MILLIS = 300_000;

  /// A clock that goes back by more was wrong before, and what it had ended is looked at again,
  /// which takes a look at every alert that there ever was; by less, nothing that matters had ended
  /// too early.
  static final long CLOCK_STEP_MILLIS = 60_000;

  /// Rogue addresses and name servers blocked for every name at a time: each costs resolvers a look
  /// at every answer, and a list that is longer than people can read is nobody's judgement.
  static final int MAX_TRIGGERS = 1_000;

  private Limits() {}
}
