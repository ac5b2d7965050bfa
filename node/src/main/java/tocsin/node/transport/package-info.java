/// Streams of frames to other nodes over mutually authenticated TLS, and the Unix socket that the
/// command line talks to. The rest of the node sees `Event`s come in and hands `Frame`s out; gRPC,
/// Netty and TLS stay in here.
///
/// Way of a frame: Netty's event loop reads it whole, a worker parses it and checks signatures, the
/// [EventSink] takes it. Frames of one peer keep their order. Each peer may have a few frames under
/// way ([TransportLimits#FRAMES_UNDER_WAY]) until the loop says that it handled one: a flooding
/// peer is slowed by flow control and cannot fill the inbox at the cost of others.
///
/// **Decisions**
/// - We pass frames through gRPC as bytes and read the outer layers by hand, because envelopes are
///   stored and relayed exactly as they came; the generated `GossipGrpc` stub was rejected because
///   it would serialize them anew. Reopen if frames no longer carry envelopes.
/// - We let Netty's event loop call us directly and hop once, to a worker; gRPC's own executor was
///   rejected because it is unbounded and one more hop. Nothing of ours may block on the event
///   loop.
/// - We allow one stream per connection and close the connection with it; several were rejected
///   because this way flow control, limits and revocation are per peer for free.
/// - A full inbox makes workers wait, and a peer's credit comes back when its frame was *handled*;
///   dropping was rejected because nothing may be lost silently, and credit at hand-over because
///   one peer could then fill the inbox. Reopen if the loop gets an inbox per peer.
/// - A slow peer is told ids of what is new when more than 256 KiB wait before it; what
///   reconciliation sends does not count, because everything else goes before it. Counting it was
///   rejected: a node that catches up would hear of new alerts by id only.
/// - TLS handshakes run on the event loops, so their rate is limited at accept; an executor of
///   their own was rejected because gRPC has it in internal classes only. Reopen if it becomes
///   public.
/// - We use the JDK's TLS, and Unix sockets by NIO; tcnative was rejected because BoringSSL refuses
///   our certificates, native epoll because native access may be denied to us. Reopen if NIO shows
///   in a profile.
/// - A node's key is all that we take from its certificate: validity, names and extensions are
///   ignored, because the statements say what the key may do. Not to be reopened.
/// - Whose operator may command the node is decided by the mode of the control socket's file; a
///   password was rejected because whoever can read the folder has the keys anyway. Reopen for
///   commands from another machine.
@NullMarked
package tocsin.node.transport;

import org.jspecify.annotations.NullMarked;
