package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole node that hears nasty texts in every field that somebody else can fill: by operators, in
/// statements, from a resolver. What it writes for people (log, audit file, tables) has no
/// character that steers anything, and no line that it did not begin itself; what it writes for
/// programs is the text and nothing else.
@Timeout(300)
final class ForgedLinesIT {
  private static final List<String> TEXTS = NastyTexts.all();

  @TempDir Path folder;

  private final AtomicInteger refusals = new AtomicInteger();

  private static boolean steers(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE ->
          c != '\n';
      default -> false;
    };
  }

  /// @param what where it was read
  private static void isHarmless(String what, String text) {
    assertThat(text.codePoints().filter(ForgedLinesIT::steers).boxed())
        .as("%s: %s", what, text)
        .isEmpty();
    assertThat(text.lines())
        .as(what)
        .noneMatch(line -> line.startsWith("2026-11-28T10:00:00.000Z ERROR Node: forged"))
        .noneMatch(line -> line.startsWith("error: forged"))
        .noneMatch(line -> line.startsWith("data: {") || line.startsWith("event: alert"))
        .noneMatch(line -> line.startsWith("HTTP/1.1"));
  }

  /// Runs a command; what it shows is harmless, whether it likes the text or not.
  private int says(NodeProcess node, String... words) {
    Terminal terminal = new Terminal(Map.of("TOCSIN_DIR", node.folder.toString()));
    int code = terminal.run("", words);
    String what = String.join(" ", words[0], words.length > 1 ? words[1] : "");
    isHarmless(what, terminal.out());
    isHarmless(what, terminal.err());
    assertThat(terminal.err()).as(what).doesNotContain("mistake in tocsin");
    if (code != 0) {
      refusals.incrementAndGet();
    }
    return code;
  }

  /// Something that speaks unbound's protocol and answers each command with a text.
  private static ServerSocketChannel nastyResolver(Path socket) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    AtomicInteger next = new AtomicInteger();
    Thread.ofVirtual()
        .start(() -> {
          while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
              var _ = client.read(ByteBuffer.allocate(2_048));
              int turn = next.getAndIncrement();
              String answer = (turn % 2 == 0 ? "error " : "") + TEXTS.get(turn % TEXTS.size());
              var _ = client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
              // It hung up: the next one.
            }
          }
        });
    return server;
  }

  private static String get(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(Duration.ofSeconds(20))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.body();
    }
  }

  /// The stream of events until nothing comes for a while.
  private static String stream(int port) throws Exception {
    try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(3_000);
      socket
          .getOutputStream()
          .write("GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      ByteString.Output read = ByteString.newOutput();
      byte[] buffer = new byte[65_536];
      try {
        for (int n = socket.getInputStream().read(buffer);
            n > 0;
            n = socket.getInputStream().read(buffer)) {
          read.write(buffer, 0, n);
        }
      } catch (SocketTimeoutException e) {
        // That was all.
      }
      return read.toByteString().toStringUtf8();
    }
  }

  @Test
  void noTextBecomesALineOrSteersATerminal() throws Exception {
    assertThat(TEXTS).hasSizeGreaterThan(150);
    int http = NodeProcess.freePort();
    Path socket = folder.resolve("u");
    try (NodeProcess node = new NodeProcess(folder, "n");
        ServerSocketChannel resolver = nastyResolver(socket)) {
      assertThat(resolver.isOpen()).isTrue();
      node.edit("level = \"info\"", "level = \"debug\"");
      node.edit("override-paths = 2", "override-paths = 1");
      node.edit("# slot-quota = 60 ", "slot-quota = 6000 ");
      node.edit("# acting-budget = 240 ", "acting-budget = 100000 ");
      Files.writeString(
          node.folder.resolve("tocsin.toml"),
          """

          [[resolver]]
          name = "u1"
          kind = "unbound"
          address = "127.0.0.1:1"
          control = "%s"

          [web]
          listen = "127.0.0.1:%d"
          """
              .formatted(socket, http),
          StandardOpenOption.APPEND);
      node.start();
      assertThat(node.run("trust", "anchor", "add", node.text("org", "card"), "--as", "own"))
          .isZero();
      List<String> taken = new ArrayList<>();
      for (int i = 0; i < TEXTS.size(); i++) {
        String text = TEXTS.get(i);
        if (text.indexOf('\0') >= 0) {
          // No command line can hold it, but a file can; see below.
          text = text.replace('\0', '\u0001');
        }
        String name = "n%03d.bank.test".formatted(i);
        // One field after the other, each with every text.
        if (says(
                node,
                "alert",
                "override",
                name,
                "--record",
                "A 192.0.2.10",
                "--headline",
                text,
                "--evidence",
                text,
                "--yes")
            == 0) {
          taken.add(text);
        }
        says(node, "alert", "override", name, "--record", "TXT " + text, "--yes");
        says(node, "alert", "override", name, "--record", "CAA 0 issue " + text, "--yes");
        says(node, "alert", "flush", text, "--yes");
        says(node, "alert", "override", "b.test", "--nameserver", text + " 192.0.2.53", "--yes");
        says(node, "alert", "recall", text, "--reason", text, "--yes");
        says(node, "trust", "anchor", "add", text, "--as", text, "--yes");
        says(node, "org", "alias", text, text);
        says(node, "why", text);
        says(node, "peer", "add", text, "--yes");
        says(node, "resolver", "flush", text);
        Path file = Files.writeString(folder.resolve("f"), TEXTS.get(i));
        says(node, "alert", "submit", file.toString(), "--yes");
      }
      assertThat(taken).as("texts that are fine").containsExactlyElementsOf(NastyTexts.fine());
      assertThat(refusals.get()).as("and those that are not").isGreaterThan(500);
      for (int i = 0; i < 30; i++) {
        // Each look is another answer of the resolver.
        says(node, "resolver", "list");
        says(node, "resolver", "test");
      }
      String id = node.json("alert", "list").get(0).get("id").asString();
      for (String format : List.of("table", "json", "ndjson", "yaml")) {
        says(node, "alert", "list", "-o", format);
        says(node, "alert", "show", id, "-o", format);
        says(node, "status", "-o", format);
        says(node, "org", "list", "-o", format);
        says(node, "trust", "anchor", "list", "-o", format);
        says(node, "resolver", "list", "-o", format);
        says(node, "log", "show", "-o", format);
        says(node, "doctor", "-o", format);
        says(node, "why", "n001.bank.test", "-o", format);
      }
      // For programs: one text stays one text.
      String alerts = get(http, "/v1/alerts");
      assertThat(alerts).contains("fine").doesNotContain("\n2026", "\ndata:", "\r");
      String events = stream(http);
      assertThat(events.lines().filter(line -> line.startsWith("data: "))).isNotEmpty();
      assertThat(events.lines())
          .noneMatch(line -> line.startsWith("data: {\"schema\":\"forged\"}"));

      node.stop();
      Awaitility.await().until(() -> !node.errors().isEmpty());
      assertThat(node.errors()).contains("resolver u1 is down: ");
      isHarmless("log", node.errors());
      assertThat(node.errors().lines())
          .as("every line of the log is one that the node began")
          .allMatch(line ->
              line.matches("[0-9-]{10}T[0-9:.]{12}Z (ERROR|WARN|INFO|DEBUG) +[A-Za-z0-9$]+: .*")
                  || line.startsWith("  | ")
                  || line.equals("ready")
                  || line.matches("tocsin.*|  .*"));
      try (Stream<Path> files = Files.walk(node.folder)) {
        for (Path audit :
            files.filter(it -> it.getFileName().toString().contains("audit")).toList()) {
          if (Files.isRegularFile(audit)) {
            String text = Files.readString(audit);
            isHarmless("audit file", text);
            assertThat(text.lines()).allMatch(line -> line.matches("[0-9-]{10}T[0-9:.]+Z .*"));
          }
        }
      }
    }
  }
}
