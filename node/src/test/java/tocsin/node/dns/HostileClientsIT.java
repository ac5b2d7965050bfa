package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import tocsin.node.core.Listing;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Clients that are broken or mean, over real sockets.
class HostileClientsIT {
  private static final int IDLE_SECONDS = 2;
  private static final long MEBIBYTE = 1 << 20;
  private static final TsigKey KEY =
      TsigKey.of("k", "hmac-sha256", ByteString.copyFromUtf8("some secret"));

  /// Each is a day of another enemy.
  private static final int PACKETS = 2_500;

  @TempDir private Path folder;

  private DnsServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new DnsServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(KEY),
            TransferAcl.parse(List.of("127.0.0.1")),
            Optional.empty(),
            InstantSource.system(),
            IDLE_SECONDS);
    server.start();
    StringBuilder text = new StringBuilder("www A 192.0.2.1\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("n%d TXT \"%s\"\n".formatted(i, "some text that fills the zone"));
    }
    server.serve(Texts.zone("example.", 7, text.toString()), ZoneJournal.EMPTY);
    Name lookup = Texts.name("alerts.test.");
    Listing listing =
        new Listing(
            new StatementId(Sha256.ZERO),
            Optional.empty(),
            List.of(DnsName.of("bank.test")),
            true,
            true,
            false,
            "active",
            "Example ISP",
            0,
            List.of(new CorrectRecord.A(ByteString.copyFrom(new byte[] {(byte) 192, 0, 2, 1}))),
            0);
    server.serve(
        LookupZone.of(lookup, Soa.usual(), new Serial(7), List.of(listing))
            .signedBy(ZoneSigner.open(lookup, folder.resolve("key"))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Asks as a stub resolver does, several times: behind a burst of datagrams the kernel may have
  /// no room for the question.
  private Message askByUdp() throws IOException {
    byte[] wire = Texts.query("www.example. A").toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server.address());
      socket.setSoTimeout(2_000);
      for (int i = 1; ; i++) {
        socket.send(new DatagramPacket(wire, wire.length));
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        try {
          socket.receive(packet);
          return Texts.message(Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (SocketTimeoutException e) {
          if (i == 5) {
            throw e;
          }
        }
      }
    }
  }

  private void assertAlive() throws IOException {
    assertThat(Texts.lines(askByUdp().getSection(Section.ANSWER)))
        .containsExactly("www.example. 5 A 192.0.2.1");
  }

  private static long memoryBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return runtime.totalMemory() - runtime.freeMemory() + direct;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void malformedDatagramsAreRefusedCheaply(int seed) throws IOException {
    Random random = new Random(seed);
    List<byte[]> seeds = HostilePackets.seeds(KEY);
    assertAlive();
    long before = memoryBytes();
    for (int i = 0; i < PACKETS; ) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.connect(server.address());
        for (int end = i + 500; i < end; i++) {
          byte[] packet = HostilePackets.next(random, seeds);
          socket.send(new DatagramPacket(packet, packet.length));
        }
      }
      assertAlive();
    }
    assertThat(server.counters().malformed().sum()).isGreaterThan(100);
    assertThat(server.counters().silent().sum()).isGreaterThan(100);
    assertThat(server.counters().failed().sum()).isZero();
    assertThat(memoryBytes() - before).isLessThan(24 * MEBIBYTE);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(10_000);
    socket.connect(server.address());
    return socket;
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    // Length and message in one write (RFC 7766, section 8): a server that has read a length that
    // it
    // does not take has closed before a second one.
    ByteBuffer frame = ByteBuffer.allocate(Short.BYTES + message.length);
    socket.getOutputStream().write(frame.putShort((short) message.length).put(message).array());
  }

  private static Message receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return Texts.message(message);
  }

  @Test
  void malformedStreamsAreClosedOrAnswered() throws IOException {
    Random random = new Random(6);
    List<byte[]> seeds = HostilePackets.seeds(KEY);
    long before = memoryBytes();
    for (int i = 0; i < PACKETS; i++) {
      try (Socket socket = connect()) {
        byte[] packet = HostilePackets.next(random, seeds);
        if (i % 3 == 0) {
          // A length that is not the message's, or no length at all.
          socket.getOutputStream().write(packet);
        } else {
          send(socket, packet);
        }
      }
    }
    assertAlive();
    await().atMost(Duration.ofSeconds(10)).until(() -> server.openConnections() == 0);
    assertThat(server.counters().connections().sum()).isEqualTo(PACKETS);
    assertThat(server.counters().malformed().sum()).isGreaterThan(100);
    assertThat(server.counters().failed().sum()).isZero();
    assertThat(memoryBytes() - before).isLessThan(24 * MEBIBYTE);
  }

  @Test
  void aFrameLongerThanAnyRequestClosesTheConnection() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 0, 0, 0, 0});
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void silenceAndDribbleAreEnded() throws Exception {
    try (Socket silent = connect();
        Socket dribbling = connect()) {
      long start = System.nanoTime();
      DataOutputStream out = new DataOutputStream(dribbling.getOutputStream());
      out.writeShort(300);
      // A byte now and then is not a request.
      dribbling.setSoTimeout(200);
      boolean open = true;
      while (open) {
        try {
          out.writeByte(0);
          open = dribbling.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
          assertThat(System.nanoTime() - start).isLessThan(8_000_000_000L);
        } catch (IOException e) {
          open = false;
        }
      }
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
      assertThat(System.nanoTime() - start).isGreaterThan(1_000_000_000L);
    }
  }

  @Test
  void oneAddressHasSoManyConnectionsAndNoMore() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < Limits.CONNECTIONS_PER_ADDRESS; i++) {
        Socket socket = connect();
        sockets.add(socket);
        send(socket, Texts.query("www.example. A").toWire());
        assertThat(receive(socket).getSection(Section.ANSWER)).hasSize(1);
      }
      assertThatThrownBy(
              () -> {
                try (Socket one = connect()) {
                  send(one, Texts.query("www.example. A").toWire());
                  receive(one);
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(server.counters().turnedAway().sum()).isEqualTo(1);
      // Another address is not concerned; and a place that is given back can be had.
      try (Socket other = new Socket()) {
        other.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
        other.setSoTimeout(5_000);
        other.connect(server.address());
        send(other, Texts.query("www.example. A").toWire());
        assertThat(receive(other).getSection(Section.ANSWER)).hasSize(1);
      }
      sockets.removeLast().close();
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> server.openConnections() == Limits.CONNECTIONS_PER_ADDRESS - 1);
      try (Socket again = connect()) {
        send(again, Texts.query("www.example. A").toWire());
        assertThat(receive(again).getSection(Section.ANSWER)).hasSize(1);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void transfersThatNobodyReadsCostLittleAndEnd() throws IOException {
    byte[] axfr = Texts.query("example. AXFR").toWire();
    List<Socket> sockets = new ArrayList<>();
    try {
      long before = memoryBytes();
      for (int i = 0; i < 40; i++) {
        Socket socket = connect();
        sockets.add(socket);
        send(socket, axfr);
        send(socket, axfr);
      }
      await().atMost(Duration.ofSeconds(10)).until(() -> server.counters().transfers().sum() == 40);
      assertAlive();
      // 40 zones of 3 MB were asked for twice; of each at most a socket's and a connection's buffer
      // is there.
      assertThat(memoryBytes() - before).isLessThan(32 * MEBIBYTE);
      await().atMost(Duration.ofSeconds(15)).until(() -> server.openConnections() == 0);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void pipelinedRequestsAreAllAnsweredInOrderAroundATransfer() throws IOException {
    try (Socket socket = connect()) {
      List<Message> queries = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        queries.add(Texts.query(i == 100 ? "example. AXFR" : "www.example. A"));
      }
      DataOutputStream out =
          new DataOutputStream(new java.io.BufferedOutputStream(socket.getOutputStream(), 65_536));
      for (Message query : queries) {
        byte[] wire = query.toWire();
        out.writeShort(wire.length);
        out.write(wire);
      }
      out.flush();
      for (Message query : queries) {
        List<Record> answers = new ArrayList<>();
        do {
          Message answer = receive(socket);
          assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
          answers.addAll(answer.getSection(Section.ANSWER));
        } while (query.getQuestion().getType() == org.xbill.DNS.Type.AXFR
            && (answers.size() < 2 || answers.getLast().getType() != org.xbill.DNS.Type.SOA));
        assertThat(answers)
            .hasSize(query.getQuestion().getType() == org.xbill.DNS.Type.AXFR ? 50_004 : 1);
      }
    }
  }

  @Test
  void nobodyGetsMoreThanThreeTimesWhatHeSent() throws IOException {
    StringBuilder text =
        new StringBuilder("www A 192.0.2.1\n@ TXT \"%s\"\n".formatted("x".repeat(250)));
    for (int i = 0; i < 40; i++) {
      text.append("many A 192.0.2.%d\nmany TXT \"text %d\"\n".formatted(i, i));
    }
    VersionedZone zone =
        VersionedZone.first(Texts.zone("example.", 7, text.toString()))
            .next(new Serial(8), Texts.records(Texts.name("example."), text + "new A 192.0.2.2"));
    server.serve(zone.zone(), zone.journal());
    List<byte[]> questions = new ArrayList<>();
    for (String question :
        List.of(
            "many.example. TXT",
            "many.example. A",
            "many.example. ANY",
            "example. ANY",
            "example. TXT",
            "example. SOA",
            "example. AXFR",
            "nowhere.example. A",
            "www.example. AAAA",
            "elsewhere. A",
            ". NS")) {
      Message query = Texts.query(question);
      questions.add(query.toWire());
      query.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
      questions.add(query.toWire());
      query.removeAllRecords(Section.ADDITIONAL);
      query.addRecord(
          new OPTRecord(4096, 0, 0, 0, List.of(new CookieOption(new byte[8]))), Section.ADDITIONAL);
      questions.add(query.toWire());
    }
    Name origin = Texts.name("example.");
    Message ixfr = Texts.query("example. IXFR");
    ixfr.addRecord(
        new SOARecord(origin, DClass.IN, 0, origin, origin, 7, 1, 1, 1, 1), Section.AUTHORITY);
    questions.add(ixfr.toWire());
    long sent = 0;
    long received = 0;
    int answers = 0;
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server.address());
      socket.setSoTimeout(2_000);
      DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
      for (int round = 0; round < 20; round++) {
        for (byte[] question : questions) {
          socket.send(new DatagramPacket(question, question.length));
          sent += question.length;
          try {
            packet.setLength(65_535);
            socket.receive(packet);
            answers++;
            received += packet.getLength();
          } catch (SocketTimeoutException e) {
            // One that was lost.
          }
          assertThat(received).isLessThanOrEqualTo(3 * sent);
        }
      }
    }
    assertThat(answers).isGreaterThan(questions.size() * 18);
    assertThat(server.counters().failed().sum()).isZero();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    server.close();
    server.close();
    assertThat(server.openConnections()).isZero();
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    DnsServer second = new DnsServer(server.address(), List.of(), TransferAcl.NONE);
    assertThatThrownBy(second::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot serve DNS on 127.0.0.1 port " + server.address().getPort())
        .hasMessageContaining("in use");
  }
}
