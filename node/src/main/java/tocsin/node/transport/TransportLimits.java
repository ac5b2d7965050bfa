package tocsin.node.transport;

import java.time.Duration;

/// Every limit of the transport. Constants are part of how nodes treat each other; components are
/// what a test or a large node may want otherwise.
///
/// @param connections accepted at one time, all addresses together. A connection may hold a flow
///   control window, the frames under way and an outbound queue: about 2 MiB if the peer is hostile
/// @param connectionsPerAddress accepted from one IPv4 address or one IPv6 /64 network: some nodes
///   behind one address translation, but no single attacker takes all the places
/// @param connectionsPerLoopbackAddress the same for loopback, where whole test networks live
/// @param keepAlive how long a connection may be silent before an HTTP/2 PING goes out. The side
///   that dialled never pings more often than every 10 s: gRPC has that floor
/// @param keepAliveTimeout how long its answer may take; then the connection is closed
public record TransportLimits(
    int connections,
    int connectionsPerAddress,
    int connectionsPerLoopbackAddress,
    Duration keepAlive,
    Duration keepAliveTimeout) {
  public static final TransportLimits STANDARD =
      new TransportLimits(256, 8, 64, Duration.ofSeconds(10), Duration.ofSeconds(5));

  /// Limit of a serialized frame, said by the protocol (`gossip.proto`). gRPC's five bytes of
  /// framing are not counted.
  public static final int FRAME_BYTES = 64 * 1024;

  /// Ids in one Announce or Pull, said by the protocol.
  public static final int IDS_PER_FRAME = 1_024;

  /// Coded symbols, or cut ids, in one frame, said by the protocol.
  public static final int SYMBOLS_PER_FRAME = 4_096;

  /// Statements in one Push or Appended: as many of the smallest as fit in a frame. More can only
  /// be scraps that cost us a hash each.
  public static final int ENVELOPES_PER_FRAME = 512;

  /// Anchors in a Hello or a Digest, said by the protocol for Hello.
  public static final int ANCHORS_PER_FRAME = 64;

  /// Hashes in a consistency proof: two for each of 63 levels.
  static final int PROOF_HASHES = 126;

  /// Timestamp and Ed25519 signature (https://c2sp.org/tlog-cosignature).
  static final int COSIGNATURE_BYTES = 72;

  /// Bytes of any text in a frame: "host:port" needs 259, and a reason is one sentence.
  public static final int TEXT_BYTES = 512;

  /// Above this a slow peer is told ids of new statements instead of the whole: it may get them
  /// elsewhere, or ask when it has time.
  public static final int ANNOUNCE_ABOVE_BYTES = 256 * 1024;

  /// Outbound queue of one peer (`4-protocol`): above it the queue is dropped, and the peer is
  /// reconciled instead.
  public static final int QUEUE_BYTES = 1024 * 1024;

  /// Frames of one peer between its socket and the end of the loop's turn. More than one, so that a
  /// stream does not stall at each hand-over; few, so that a flood waits at its own source.
  public static final int FRAMES_UNDER_WAY = 4;

  /// Streams with one node key, both directions: two when both dial at once, and two that are dying
  /// unnoticed.
  public static final int STREAMS_PER_NODE_KEY = 4;

  /// HTTP/2 flow control window of a connection, which holds one stream: the most that a peer can
  /// make us buffer before we ask for it. 256 KiB moves 1.2 MB/s at 200 ms round-trip time.
  public static final int FLOW_CONTROL_WINDOW_BYTES = 256 * 1024;

  /// Calls on one connection. One Converse is enough; the rest is room for refusing politely.
  public static final int CALLS_PER_CONNECTION = 32;

  /// Refused calls after which the connection is closed: nobody needs that many by mistake.
  public static final int REFUSED_CALLS_PER_CONNECTION = 8;

  /// RST_STREAM frames per window before the connection is closed (rapid reset, CVE-2023-44487).
  public static final int RESETS_PER_WINDOW = 100;

  public static final int RESET_WINDOW_SECONDS = 10;

  /// HTTP/2 headers. We send none beyond gRPC's own, about 200 bytes.
  public static final int METADATA_BYTES = 4 * 1024;

  /// TLS and HTTP/2 settings, from accept to ready: 5 s is many round trips round the world.
  public static final Duration HANDSHAKE = Duration.ofSeconds(5);

  /// Handshakes begun per second, all addresses together but loopback; each costs some 5 ms of an
  /// event loop. A whole mesh dials anew, 20 streams, within a second.
  public static final int ACCEPTS_PER_SECOND = 20;

  public static final int ACCEPTS_AT_ONCE = 64;

  /// The same for one IPv4 address or one IPv6 /64 network.
  public static final int ACCEPTS_PER_SECOND_PER_ADDRESS = 2;

  public static final int ACCEPTS_AT_ONCE_PER_ADDRESS = 16;

  /// Addresses whose rate is remembered: about 0.5 MB.
  public static final int REMEMBERED_ORIGINS = 4_096;

  /// TCP connect. Shorter than the dial as a whole, so that a second address can be tried.
  public static final Duration CONNECT = Duration.ofSeconds(5);

  /// A dial as a whole: name, TCP, TLS, the listener's answer.
  public static final Duration DIAL = Duration.ofSeconds(12);

  /// Dials under way at one time. A node wants about 20 peers.
  public static final int DIALS = 64;

  /// Keepalive PINGs more often than this are an abuse: half of what we send ourselves.
  public static final Duration PERMITTED_KEEP_ALIVE = Duration.ofSeconds(5);

  /// A connection without a stream is of no use to anybody.
  public static final Duration CONNECTION_IDLE = Duration.ofSeconds(10);

  /// Then the peer dials anew, and its place is open to others for a moment.
  public static final Duration CONNECTION_AGE = Duration.ofDays(1);

  public static final Duration CONNECTION_AGE_GRACE = Duration.ofSeconds(30);

  /// From the end of a stream to the end of its connection: time for the last words to arrive.
  public static final Duration LAST_WORDS = Duration.ofSeconds(1);

  /// Each step of closing down.
  public static final Duration CLOSING = Duration.ofSeconds(2);

  /// A certificate of ours has about 300 bytes; a chain is never needed.
  public static final int CERTIFICATE_BYTES = 1_024;

  /// Threads of Netty's event loops, shared by both directions: they only move and encrypt bytes.
  public static final int EVENT_LOOP_THREADS = 2;

  /// Threads that parse frames and check signatures; the loop needs a core of its own.
  public static final int WORKER_THREADS = 2;

  /// Verified envelopes that are remembered, so that copies of a new statement, which arrive from
  /// several peers within milliseconds, cost one signature check. About 4 MiB at the very most.
  public static final int REMEMBERED_ENVELOPES = 256;

  /// Characters of a peer's own words in our reasons.
  public static final int QUOTED_CHARACTERS = 200;

  /// The longest path of a Unix socket: Linux has 108 bytes for it, of which the JDK leaves two.
  public static final int SOCKET_PATH_BYTES = 106;

  /// Calls at one time on one connection to the control socket: one command needs one or two.
  public static final int CONTROL_CALLS_PER_CONNECTION = 16;

  /// One message on the control socket: room for long lists.
  public static final int CONTROL_MESSAGE_BYTES = 4 * 1024 * 1024;

  public TransportLimits {
    if (connections < 1 || connectionsPerAddress < 1 || connectionsPerLoopbackAddress < 1) {
      throw new IllegalArgumentException("a limit of connections must be positive");
    }
    if (!keepAlive.isPositive() || !keepAliveTimeout.isPositive()) {
      throw new IllegalArgumentException("a keepalive must be positive");
    }
  }
}
