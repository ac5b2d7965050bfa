package tocsin.node.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/// Whether a resolver answers at all.
final class Alive {
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private Alive() {}

  /// Asks the one question that needs no network; any answer will do.
  static boolean isThere(InetSocketAddress resolver) {
    try {
      SimpleResolver client = new SimpleResolver(resolver);
      client.setTimeout(PATIENCE);
      Message answer =
          client.send(
              Message.newQuery(
                  Record.newRecord(Name.fromConstantString("version.bind."), Type.TXT, DClass.CH)));
      return answer.getHeader().getID() >= 0;
    } catch (IOException e) {
      return false;
    }
  }
}
