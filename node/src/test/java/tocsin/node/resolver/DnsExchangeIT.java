package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.trust.DnsName;

/// A server that answers wrongly, partly, or not at all.
@Timeout(30)
class DnsExchangeIT {
  static final Question QUESTION = new Question(DnsName.parse("www.bank.test."), Type.A);

  DatagramSocket udp;
  ServerSocket tcp;
  final AtomicInteger datagrams = new AtomicInteger();
  final AtomicInteger connections = new AtomicInteger();

  @BeforeEach
  void bind() throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    tcp = new ServerSocket(0, 8, loopback);
    udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
  }

  @AfterEach
  void close() throws IOException {
    udp.close();
    tcp.close();
  }

  void udp(Function<Message, List<byte[]>> answers) {
    Thread.ofVirtual()
        .start(() -> {
          byte[] buffer = new byte[4096];
          while (!udp.isClosed()) {
            try {
              DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
              udp.receive(packet);
              datagrams.incrementAndGet();
              Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
              for (byte[] answer : answers.apply(query)) {
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
              }
            } catch (IOException e) {
              // Closed.
            }
          }
        });
  }

  void tcp(Function<Message, byte[]> answers) {
    Thread.ofVirtual()
        .start(() -> {
          while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
              connections.incrementAndGet();
              DataInputStream in = new DataInputStream(socket.getInputStream());
              byte[] bytes = new byte[in.readUnsignedShort()];
              in.readFully(bytes);
              byte[] answer = answers.apply(new Message(bytes));
              DataOutputStream out = new DataOutputStream(socket.getOutputStream());
              out.writeShort(answer.length);
              out.write(answer);
            } catch (IOException e) {
              // Closed.
            }
          }
        });
  }

  static Message answer(Message query, Name name, String address) {
    Message answer = new Message(query.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.addRecord(Record.newRecord(name, Type.A, DClass.IN), Section.QUESTION);
    answer.addRecord(
        new ARecord(name, DClass.IN, 60, InetAddress.ofLiteral(address)), Section.ANSWER);
    return answer;
  }

  static Message right(Message query) {
    return answer(query, query.getQuestion().getName(), "192.0.2.80");
  }

  List<String> ask(boolean mixCase) throws IOException {
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), tcp.getLocalPort());
    return Answer.of(
            QUESTION, DnsExchange.ask(server, QUESTION, true, mixCase, Duration.ofSeconds(3)))
        .texts();
  }

  @Test
  void forgedAndGarbledAnswersAreIgnored() throws Exception {
    udp(query -> {
      Message wrongId = answer(query, query.getQuestion().getName(), "203.0.113.1");
      wrongId.getHeader().setID(query.getHeader().getID() ^ 1);
      Message otherName = answer(query, Name.fromConstantString("www.bank.tesu."), "203.0.113.2");
      Message aQuery = answer(query, query.getQuestion().getName(), "203.0.113.3");
      aQuery.getHeader().unsetFlag(Flags.QR);
      byte[] cut = Arrays.copyOf(right(query).toWire(), 30);
      byte[] pointerLoop = right(query).toWire();
      pointerLoop[12] = (byte) 0xc0;
      pointerLoop[13] = 12;
      return List.of(
          new byte[0],
          cut,
          pointerLoop,
          wrongId.toWire(),
          otherName.toWire(),
          aQuery.toWire(),
          right(query).toWire());
    });
    assertThat(ask(false)).containsExactly("192.0.2.80");
    assertThat(connections).as("without the help of TCP").hasValue(0);
  }

  /// So unbound refuses those whom its access-control does not let ask: without the question.
  @Test
  void aRefusalThatIsAHeaderOnlyIsOne() throws Exception {
    udp(query -> {
      Message refusal = new Message(query.getHeader().getID());
      refusal.getHeader().setFlag(Flags.QR);
      Message otherwise = refusal.clone();
      otherwise.getHeader().setRcode(Rcode.NXDOMAIN);
      Message ofAnother = refusal.clone();
      ofAnother.getHeader().setRcode(Rcode.REFUSED);
      ofAnother.getHeader().setID(query.getHeader().getID() ^ 1);
      refusal.getHeader().setRcode(Rcode.REFUSED);
      return List.of(otherwise.toWire(), ofAnother.toWire(), refusal.toWire());
    });
    InetSocketAddress server =
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), tcp.getLocalPort());
    assertThat(DnsExchange.ask(server, QUESTION, true, true, Duration.ofSeconds(3)).getRcode())
        .isEqualTo(Rcode.REFUSED);
    assertThat(connections).as("without the help of TCP").hasValue(0);
  }

  @Test
  void theCaseOfTheQuestionIsMixedAndHasToComeBack() throws Exception {
    Set<String> seen = new HashSet<>();
    udp(query -> {
      Name name = query.getQuestion().getName();
      seen.add(name.toString());
      Name lower = Name.fromConstantString(name.toString().toLowerCase(Locale.ROOT));
      return List.of(answer(query, lower, "203.0.113.1").toWire(), right(query).toWire());
    });
    for (int i = 0; i < 8; i++) {
      assertThat(ask(true)).containsExactly("192.0.2.80");
    }
    // 13 letters, 8 tries: all alike would be a chance of 2 to the -91.
    assertThat(seen).hasSizeGreaterThan(1);
  }

  @Test
  void aTruncatedAnswerIsFetchedOverTcp() throws Exception {
    udp(query -> {
      Message truncated = answer(query, query.getQuestion().getName(), "203.0.113.1");
      truncated.getHeader().setFlag(Flags.TC);
      return List.of(truncated.toWire());
    });
    tcp(query -> right(query).toWire());
    assertThat(ask(true)).containsExactly("192.0.2.80");
    assertThat(connections).hasValue(1);
  }

  @Test
  void aLostDatagramIsRepeatedAndThenTcpIsTried() throws Exception {
    udp(query -> datagrams.get() < 2 ? List.of() : List.of(right(query).toWire()));
    assertThat(ask(false)).containsExactly("192.0.2.80");
    assertThat(datagrams.get()).isGreaterThan(1);
    assertThat(connections).hasValue(0);
  }

  @Test
  void aServerThatIsSilentOverUdpMayAnswerOverTcp() throws Exception {
    udp(query -> List.of());
    tcp(query -> right(query).toWire());
    assertThat(ask(true)).containsExactly("192.0.2.80");
    assertThat(datagrams.get()).isGreaterThan(1);
  }

  @Test
  void silenceEndsInTime() {
    udp(query -> List.of());
    long start = System.nanoTime();
    assertThatThrownBy(() -> ask(false)).isInstanceOf(SocketTimeoutException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(2500), Duration.ofSeconds(8));
  }

  @Test
  void garbageOverTcpIsAFailure() throws Exception {
    udp(query -> {
      Message truncated = right(query);
      truncated.getHeader().setFlag(Flags.TC);
      return List.of(truncated.toWire());
    });
    tcp(query -> new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ask(false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not one to the question");
  }

  @Test
  void nobodyListeningIsKnownAtOnce() throws Exception {
    udp.close();
    assertThatThrownBy(() -> ask(false)).isInstanceOf(PortUnreachableException.class);
  }
}
