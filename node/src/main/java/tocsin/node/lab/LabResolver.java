package tocsin.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

/// A resolver of the lab, real or embedded: it caches what it is told, takes an overlay zone from a
/// primary or a file, and has a control channel.
public sealed interface LabResolver extends AutoCloseable permits DaemonProcess, EmbeddedResolver {
  /// Where it answers DNS questions, and takes NOTIFY.
  InetSocketAddress address();

  /// "unbound", "bind", "powerdns", "knot", or "embedded".
  String kind();

  /// The lines of a `[[resolver]]` section that drives it, without name and address: `kind =
  /// "unbound"`, `control = "/tmp/x/control"`.
  List<String> section();

  /// Ends it; its address and its control channel stay its own for [#restart].
  void stop();

  /// Stops it if it runs, and starts it where it was.
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
