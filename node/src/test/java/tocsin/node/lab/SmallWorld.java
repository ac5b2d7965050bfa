package tocsin.node.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import org.xbill.DNS.Zone;

/// An internet of a test's own, written down in a few lines: who serves which zones.
public final class SmallWorld implements AutoCloseable {
  private final int block;
  private final Map<Integer, List<Zone>> zones = new ConcurrentHashMap<>();
  private final Map<Integer, LabServer> servers = new LinkedHashMap<>();
  private final AtomicInteger queries = new AtomicInteger();
  private int port;

  public SmallWorld() {
    // Away from the blocks that labs take.
    this.block = 100 + (int) (ProcessHandle.current().pid() % 100);
  }

  public InetAddress address(int host) {
    return InetAddress.ofLiteral("127." + block + ".54." + host);
  }

  public int port() {
    return port;
  }

  public int queries() {
    return queries.get();
  }

  /// Lets a server serve one more zone.
  ///
  /// @param lines "www.bank.test. A 192.0.2.1"; `@7` in them stands for the address of server 7; a
  ///   SOA is added
  public void serve(int host, String origin, String... lines) throws IOException {
    List<Record> records = new ArrayList<>();
    records.add(record(origin + " SOA ns.invalid. nobody.invalid. 1 60 60 60 60"));
    for (String line : lines) {
      records.add(record(line));
    }
    Zone zone = new Zone(Name.fromString(origin), records.toArray(Record[]::new));
    zones.computeIfAbsent(host, each -> new ArrayList<>()).add(zone);
    answering(
        host, query -> AuthoritativeAnswers.answer(query, zones.getOrDefault(host, List.of())));
  }

  /// What a server says.
  public interface Saying {
    Message answer(Message query) throws IOException;
  }

  /// Lets a server answer in its own way.
  public void answering(int host, Saying saying) throws IOException {
    if (!servers.containsKey(host)) {
      LabServer server =
          new LabServer(
              address(host),
              port,
              (query, client) -> {
                queries.incrementAndGet();
                try {
                  return Optional.of(saying.answer(query));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      servers.put(host, server);
      port = server.address().getPort();
    }
  }

  /// An empty answer to a query, for [#answering].
  public static Message answerTo(Message query) {
    return AuthoritativeAnswers.answerTo(query);
  }

  private Record record(String line) throws IOException {
    List<String> words = List.of(line.split(" ", 3));
    String data = words.get(2);
    if (data.startsWith("@")) {
      data = address(Integer.parseInt(data.substring(1))).getHostAddress();
    }
    return Record.fromString(
        Name.fromString(words.get(0)), Type.value(words.get(1)), DClass.IN, 60, data, Name.root);
  }

  @Override
  public void close() {
    servers.values().forEach(LabServer::close);
  }
}
