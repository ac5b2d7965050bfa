package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;

/// A whole node whose transfers are for one address with one key, and everybody else who wants
/// them.
@Timeout(300)
final class HostileTransfersIT {
  private static final Name ZONE = Name.fromConstantString("alert.rpz.");
  private static final String SECRET = "QmVmb3JlIHRoZSBiZWxsLCB0aGUgcm9wZSBpcyBwdWxsZWQ=";
  private static final String OTHER = "VGhlIHJvcGUgb2Ygc29tZSBvdGhlciBiZWxsIGVudGlyZWx5";
  private static final int ROUNDS = 60;

  @TempDir Path folder;

  /// Who asks.
  ///
  /// @param from its address
  /// @param key empty: it does not sign
  private record Stranger(String word, String from, Optional<TSIG> key, int rcode) {}

  private static List<Stranger> strangers() {
    Clock yesterday = Clock.fixed(Instant.now().minus(Duration.ofDays(1)), ZoneOffset.UTC);
    TSIG late =
        new TSIG(
            TSIG.HMAC_SHA256,
            Name.fromConstantString("node-key."),
            new javax.crypto.spec.SecretKeySpec(
                java.util.Base64.getDecoder().decode(SECRET), "HmacSHA256"),
            yesterday);
    return List.of(
        new Stranger("unsigned", "127.0.0.1", Optional.empty(), Rcode.REFUSED),
        new Stranger("stranger", "127.0.0.2", Optional.empty(), Rcode.REFUSED),
        new Stranger(
            "elsewhere", "127.0.0.2", Optional.of(key("node-key.", SECRET)), Rcode.REFUSED),
        new Stranger(
            "other secret", "127.0.0.1", Optional.of(key("node-key.", OTHER)), Rcode.NOTAUTH),
        new Stranger(
            "other key", "127.0.0.1", Optional.of(key("other-key.", SECRET)), Rcode.NOTAUTH),
        new Stranger("late", "127.0.0.1", Optional.of(late), Rcode.NOTAUTH));
  }

  private static TSIG key(String name, String secret) {
    return new TSIG(TSIG.HMAC_SHA256, name, secret);
  }

  private static Message transfer(int type) {
    Message message = Message.newQuery(Record.newRecord(ZONE, type, DClass.IN));
    if (type == Type.IXFR) {
      message.addRecord(
          new SOARecord(ZONE, DClass.IN, 0, Name.root, Name.root, 1, 1, 1, 1, 1),
          Section.AUTHORITY);
    }
    return message;
  }

  private static Message notice(int opcode) {
    Message message = new Message();
    message.getHeader().setOpcode(opcode);
    message.addRecord(Record.newRecord(ZONE, Type.SOA, DClass.IN), Section.QUESTION);
    return message;
  }

  private static byte[] wire(Message message, Optional<TSIG> key) {
    key.ifPresent(it -> message.setTSIG(it, 0, null));
    return message.toWire(65_535);
  }

  /// The first message of the answer, by TCP.
  private static Message byTcp(NodeProcess node, String from, byte[] wire) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(10_000);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), node.dns));
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] framed = new byte[wire.length + 2];
      framed[0] = (byte) (wire.length >> 8);
      framed[1] = (byte) wire.length;
      System.arraycopy(wire, 0, framed, 2, wire.length);
      out.write(framed);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return new Message(in.readNBytes(in.readUnsignedShort()));
    }
  }

  private static Message byUdp(NodeProcess node, String from, byte[] wire) throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), 0))) {
      socket.setSoTimeout(10_000);
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), node.dns));
      socket.send(new DatagramPacket(wire, wire.length));
      DatagramPacket answer = new DatagramPacket(new byte[4_096], 4_096);
      socket.receive(answer);
      return new Message(Arrays.copyOf(answer.getData(), answer.getLength()));
    }
  }

  private static int answersOf(NodeProcess node, TSIG key) throws IOException {
    Message answer = byTcp(node, "127.0.0.1", wire(transfer(Type.AXFR), Optional.of(key)));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    return answer.getSection(Section.ANSWER).size();
  }

  /// All of them ask for everything once; how many requests that were.
  private static int ask(NodeProcess node, Stranger who) throws IOException {
    int asked = 0;
    for (Message answer :
        List.of(
            byTcp(node, who.from(), wire(transfer(Type.AXFR), who.key())),
            byTcp(node, who.from(), wire(transfer(Type.IXFR), who.key())),
            byUdp(node, who.from(), wire(transfer(Type.IXFR), who.key())))) {
      assertThat(answer.getRcode()).as(who.word()).isEqualTo(who.rcode());
      assertThat(answer.getSection(Section.ANSWER)).as(who.word()).isEmpty();
      asked++;
    }
    for (int opcode : List.of(Opcode.NOTIFY, Opcode.UPDATE)) {
      Message answer = byUdp(node, who.from(), wire(notice(opcode), who.key()));
      assertThat(answer.getRcode()).as(who.word()).isEqualTo(Rcode.REFUSED);
      asked++;
    }
    return asked;
  }

  private static long residentKib(NodeProcess node) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  private static long count(NodeProcess node, String what) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + node.pid() + "/" + what))) {
      return all.count();
    }
  }

  private static List<String> lines(NodeProcess node) {
    return node.errors().lines().filter(line -> line.contains("DNS: ")).toList();
  }

  @Test
  void areRefusedInOneLineAndLeaveNothingBehind() throws Exception {
    try (NodeProcess node = new NodeProcess(folder, "a")) {
      Path toml = node.folder.resolve("tocsin.toml");
      String text = Files.readString(toml);
      assertThat(text).contains("allow-transfer = [\"127.0.0.1\", \"::1\"]");
      Files.writeString(
          toml,
          text.replaceFirst(
                  "(?m)^.*allow-transfer = .*$", "allow-transfer = [\"127.0.0.1 key:node-key\"]")
              + "\n[[dns.tsig]]\nname = \"node-key\"\nsecret-file = \"keys/node-key.tsig\"\n");
      Path secret = node.folder.resolve("keys/node-key.tsig");
      Files.writeString(secret, SECRET + "\n");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
      // The heap is taken at once, so that what grows later is something else.
      node.start("-Xms128m", "-XX:+AlwaysPreTouch");
      TSIG right = key("node-key.", SECRET);
      int whole = answersOf(node, right);
      assertThat(whole).isGreaterThanOrEqualTo(3);

      long begun = System.nanoTime();
      int asked = 0;
      for (Stranger who : strangers()) {
        asked += ask(node, who);
      }
      // The first of them has the first line; the others are counted.
      assertThat(lines(node)).hasSize(1);
      assertThat(lines(node).getFirst())
          .contains(
              "a transfer of 127.0.0.1 was refused: it is not signed, and allow-transfer wants");
      for (int i = 0; i < ROUNDS / 6; i++) {
        for (Stranger who : strangers()) {
          asked += ask(node, who);
        }
      }
      long threads = count(node, "task");
      long files = count(node, "fd");
      long resident = residentKib(node);
      for (int i = 0; i < ROUNDS; i++) {
        for (Stranger who : strangers()) {
          asked += ask(node, who);
        }
      }
      assertThat(asked).isGreaterThan(2_000);
      assertThat(count(node, "task")).isLessThanOrEqualTo(threads + 2);
      assertThat(count(node, "fd")).isLessThanOrEqualTo(files + 4);
      assertThat(residentKib(node)).isLessThan(resident + 16 * 1_024);
      long seconds = (System.nanoTime() - begun) / 1_000_000_000;
      assertThat(lines(node)).hasSizeBetween(1, (int) (2 + seconds / 30));
      assertThat(node.errors()).doesNotContain("Exception").doesNotContain("\tat ");
      // The right one is served as before, and nobody's notice has moved the zone.
      assertThat(answersOf(node, right)).isEqualTo(whole);
      assertThat(node.run("status")).isZero();
    }
  }
}
