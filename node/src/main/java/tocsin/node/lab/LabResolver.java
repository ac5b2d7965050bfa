package tocsin.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// A resolver of the lab, real or embedded: it caches what it is told, takes an overlay zone from a
/// primary, and is controlled by unbound's protocol.
public sealed interface LabResolver extends AutoCloseable permits EmbeddedResolver, UnboundProcess {
  /// Where it answers DNS questions, and takes NOTIFY.
  InetSocketAddress address();

  /// The Unix socket of its control channel.
  Path controlSocket();

  /// Ends it; its address and its socket's path stay its own for [#restart].
  void stop();

  /// Stops it if it runs, and starts it where it was, with an empty cache.
  ///
  /// @throws IOException if it does not come up
  void restart() throws IOException;

  /// What it is and where, for people: "unbound 1.17.1 at 127.0.0.1:5301".
  @Override
  String toString();

  /// Stops it and removes its files.
  @Override
  void close();
}
