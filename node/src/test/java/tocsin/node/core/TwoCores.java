package tocsin.node.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.node.transport.FrameSizes;
import tocsin.storage.LogId;
import tocsin.storage.MemoryStatementLog;
import tocsin.trust.Envelope;
import tocsin.trust.Role;
import tocsin.trust.graph.TrustPolicy;

/// Two members that carry for the same anchor, and the one stream between them. What each says is
/// carried to the other in flights: two flights are a round trip.
final class TwoCores {
  /// One of them.
  static final class Side {
    final Speaker organization;
    final MemoryStatementLog log;
    final PeerId other = new PeerId(1);
    private final NodeCore core;
    private List<Frame> said = new ArrayList<>();

    Side(Speaker organization, MemoryStatementLog log) {
      this.organization = organization;
      this.log = log;
      this.core =
          new NodeCore(
              new CoreConfig(
                  Speaker.NETWORK,
                  organization.id,
                  organization.node.id(),
                  "test",
                  organization.name + ".test:7353",
                  List.of(),
                  CoreConfig.Mode.ENFORCE,
                  POLICY,
                  0,
                  List.of()),
              log);
    }

    boolean has(Envelope envelope) {
      return log.contains(envelope.id());
    }
  }

  private static final TrustPolicy POLICY =
      new TrustPolicy(
          TrustPolicy.DEFAULT.flushPaths(),
          TrustPolicy.DEFAULT.overridePaths(),
          TrustPolicy.DEFAULT.depth(),
          true,
          TrustPolicy.DEFAULT.overrideMaxMillis(),
          10_000_000,
          TrustPolicy.DEFAULT.overrideApproval(),
          false,
          TrustPolicy.DEFAULT.publicSuffixPaths());

  final Speaker anchor = new Speaker("anchor");
  final Side left = side("left");
  final Side right = side("right");

  /// What was said since the stream stands, both ways.
  final List<Frame> frames = new ArrayList<>();

  private long nanos = 1_000_000_000L;
  private long wallMillis = Speaker.NOW;
  private int flights;

  TwoCores() {
    List<Envelope> trust =
        List.of(
            anchor.profile,
            anchor.vouch(left.organization, "bank.test", Role.SUBMITTER),
            anchor.vouch(right.organization, "bank.test", Role.SUBMITTER),
            left.organization.profile,
            right.organization.profile);
    trust.forEach(it -> {
      append(left, it);
      append(right, it);
    });
  }

  private static Side side(String name) {
    Speaker organization = new Speaker(name);
    return new Side(
        organization,
        new MemoryStatementLog(new LogId(organization.id.toByteString().substring(0, 16))));
  }

  /// Something that the anchor said; never the same twice.
  Envelope news() {
    return anchor.recall(anchor.profile);
  }

  /// Into a log, before its node starts.
  static void append(Side side, Envelope envelope) {
    side.log.append(envelope, Speaker.NOW);
  }

  /// Both start; the left one has dialled the right one.
  void start() {
    for (Side side : List.of(left, right)) {
      side.log.commit();
      happens(side, new Event.Started(7));
      happens(side, new Event.AnchorAdded(1, anchor.id, "anchor", List.of(anchor.profile)));
    }
    connect();
  }

  void connect() {
    happens(
        left,
        new Event.PeerConnected(
            left.other, right.organization.node.id(), Optional.of("right.test:7353")));
    happens(
        right, new Event.PeerConnected(right.other, left.organization.node.id(), Optional.empty()));
  }

  void disconnect() {
    happens(left, new Event.PeerDisconnected(left.other, "a test"));
    happens(right, new Event.PeerDisconnected(right.other, "a test"));
  }

  private void happens(Side side, Event event) {
    List<Effect> effects = side.core.handle(event, new Moment(nanos, wallMillis));
    side.log.commit();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send send) {
        side.said.add(send.frame());
      }
    }
  }

  /// Carries what was said, and what is said to it, until both are silent.
  ///
  /// @return the flights that it took
  int talk() {
    int before = flights;
    while (!left.said.isEmpty() || !right.said.isEmpty() || worksOn(left) || worksOn(right)) {
      List<Frame> fromLeft = left.said;
      List<Frame> fromRight = right.said;
      left.said = new ArrayList<>();
      right.said = new ArrayList<>();
      flights += fromLeft.isEmpty() && fromRight.isEmpty() ? 0 : 1;
      carry(fromLeft, right);
      carry(fromRight, left);
    }
    return flights - before;
  }

  /// The core wants to go on at once.
  private boolean worksOn(Side side) {
    if (side.core.nextDeadline() > nanos) {
      return false;
    }
    happens(side, new Event.DeadlineReached());
    return true;
  }

  private void carry(List<Frame> said, Side to) {
    for (Frame frame : said) {
      frames.add(frame);
      happens(to, new Event.FrameReceived(to.other, frame));
    }
  }

  /// What a frame takes on the wire beside the statements in it.
  static long overheadBytes(Frame frame) {
    return FrameSizes.of(frame) - statementBytes(frame);
  }

  private static long statementBytes(Frame frame) {
    List<Envelope> envelopes =
        switch (frame) {
          case Frame.Push it -> it.envelopes();
          case Frame.Appended it -> it.envelopes();
          default -> List.of();
        };
    return envelopes.stream().mapToLong(it -> it.wire().size()).sum();
  }

  /// Nothing is heard of that frame on its way.
  void loses(Class<? extends Frame> type) {
    left.said.removeIf(type::isInstance);
    right.said.removeIf(type::isInstance);
  }

  void submits(Side side, Envelope envelope) {
    happens(side, new Event.Submitted(9, envelope));
  }

  /// Time passes, and both talk when they want to.
  void passes(long millis) {
    long end = nanos + millis * Moment.NANOS_PER_MILLI;
    for (long next = next(); next <= end; next = next()) {
      wallMillis += (next - nanos) / Moment.NANOS_PER_MILLI;
      nanos = next;
      happens(left, new Event.DeadlineReached());
      happens(right, new Event.DeadlineReached());
      talk();
    }
    wallMillis += (end - nanos) / Moment.NANOS_PER_MILLI;
    nanos = end;
  }

  private long next() {
    return Math.max(nanos, Math.min(left.core.nextDeadline(), right.core.nextDeadline()));
  }

  <T extends Frame> List<T> said(Class<T> type) {
    return frames.stream().filter(type::isInstance).map(type::cast).toList();
  }

  boolean agree() {
    return left.log.size() == right.log.size();
  }
}
