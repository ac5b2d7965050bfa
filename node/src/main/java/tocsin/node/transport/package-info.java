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
/// - We allow one stream per connection and close the connection with it; multiplexing was rejected
///   because flow control, limits and revocation are then per peer for free.
/// - We use the JDK's TLS and Unix sockets by NIO; tcnative and native epoll were rejected because
///   BoringSSL refuses our certificates and native access may be denied. Reopen if sockets by NIO
///   show in a profile.
/// - A node's key is looked at by us alone: any validity, name and extension in its certificate is
///   ignored, because the statements say what the key may do. Reopen never.
@NullMarked
package tocsin.node.transport;

import org.jspecify.annotations.NullMarked;
