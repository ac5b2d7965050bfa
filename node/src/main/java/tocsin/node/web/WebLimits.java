package tocsin.node.web;

/// Every limit of the consumer interface, with its reason.
final class WebLimits {
  /// Subscribers, by gRPC and HTTP together: each may hold a queue.
  static final int SUBSCRIBERS = 256;

  /// Changes that wait for one subscriber. More than happen in a minute of a bad day.
  static final int QUEUE = 1_024;

  /// HTTP connections in all.
  static final int CONNECTIONS = 512;

  /// "GET /v1/lookup/NAME HTTP/1.1": a name has at most 253 characters, perhaps escaped.
  static final int REQUEST_LINE_BYTES = 2_048;

  static final int HEADER_BYTES = 8_192;

  /// Without a whole request, or a finished answer, a connection is closed.
  static final int IDLE_SECONDS = 20;

  /// A comment to subscribers when nothing happens, so that both sides notice a dead line.
  static final int HEARTBEAT_SECONDS = 15;

  /// Unsent bytes of one connection; a subscriber that leaves more unread is cut off. A thousand
  /// alerts of a kilobyte and room.
  static final int UNSENT_BYTES = 4 << 20;

  /// Alerts in one answer of the list.
  static final int LISTED = 10_000;

  /// gRPC: calls on one connection, bytes of a request (a name) and of its headers.
  static final int CALLS_PER_CONNECTION = 32;

  static final int GRPC_REQUEST_BYTES = 4_096;

  static final int GRPC_HEADER_BYTES = 8_192;

  /// Milliseconds for what is under way when the node ends.
  static final int CLOSING_MILLIS = 1_000;

  private WebLimits() {}
}
