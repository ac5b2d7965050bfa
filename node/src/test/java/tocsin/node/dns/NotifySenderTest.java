package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/// The test is the resolver.
class NotifySenderTest {
  private static final ByteString SECRET = ByteString.copyFromUtf8("some shared secret");
  private static final TsigKey KEY = TsigKey.of("node-key", "hmac-sha256", SECRET);
  private static final TSIG CLIENT = new TSIG(TSIG.HMAC_SHA256, KEY.name(), SECRET.toByteArray());

  private final BlockingQueue<NotifySender.Outcome> outcomes = new LinkedBlockingQueue<>();
  private DatagramSocket resolver;
  private DatagramPacket packet;

  @BeforeEach
  void listen() throws IOException {
    resolver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    resolver.setSoTimeout(5_000);
    packet = new DatagramPacket(new byte[2048], 2048);
  }

  @AfterEach
  void close() {
    resolver.close();
  }

  private NotifySender sender(Optional<TsigKey> key) throws IOException {
    return new NotifySender(
        InetAddress.getLoopbackAddress(),
        List.of(
            new NotifyTarget(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), resolver.getLocalPort()),
                key.map(TsigKey::name))),
        List.of(KEY),
        outcomes::add);
  }

  private byte[] receive() throws IOException {
    packet.setLength(2048);
    resolver.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  private void answer(Message answer) throws IOException {
    byte[] wire = answer.toWire();
    resolver.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
  }

  private static Message answerTo(Message notify, int rcode) {
    Message answer = new Message(notify.getHeader().getID());
    answer.getHeader().setOpcode(Opcode.NOTIFY);
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(notify.getQuestion(), Section.QUESTION);
    return answer;
  }

  private static Zone zone(long serial) {
    return Texts.zone("alert.rpz.", serial, "");
  }

  @Test
  void aMessageIsAsRfc1996HasIt() throws Exception {
    try (NotifySender sender = sender(Optional.empty())) {
      sender.notify(zone(7));
      Message notify = Texts.message(receive());
      assertThat(notify.getHeader().getOpcode()).isEqualTo(Opcode.NOTIFY);
      assertThat(notify.getHeader().getFlag(Flags.AA)).isTrue();
      assertThat(notify.getHeader().getFlag(Flags.QR)).isFalse();
      assertThat(notify.getQuestion()).hasToString("alert.rpz.\t\t0\tIN\tSOA");
      assertThat(((SOARecord) notify.getSection(Section.ANSWER).getFirst()).getSerial())
          .isEqualTo(7);
      answer(answerTo(notify, Rcode.NOERROR));
      NotifySender.Outcome outcome = outcomes.poll(5, TimeUnit.SECONDS);
      assertThat(outcome).isNotNull();
      assertThat(outcome.answered()).isTrue();
      assertThat(outcome.serial()).isEqualTo(new Serial(7));
      assertThat(outcome.rcode()).isEqualTo(Rcode.NOERROR);
      // And that is that.
      resolver.setSoTimeout(1_500);
      assertThatThrownBy(this::receive).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void withoutAnAnswerItIsRepeatedUntilANewerSerial() throws Exception {
    try (NotifySender sender = sender(Optional.empty())) {
      sender.notify(zone(7));
      byte[] first = receive();
      long start = System.nanoTime();
      assertThat(receive()).isEqualTo(first);
      assertThat(System.nanoTime() - start).isBetween(800_000_000L, 3_000_000_000L);
      sender.notify(zone(8));
      Message next = Texts.message(receive());
      assertThat(((SOARecord) next.getSection(Section.ANSWER).getFirst()).getSerial()).isEqualTo(8);
      // A late answer to the old one ends nothing; the right one does.
      answer(answerTo(Texts.message(first), Rcode.NOERROR));
      answer(answerTo(next, Rcode.REFUSED));
      NotifySender.Outcome outcome = outcomes.poll(5, TimeUnit.SECONDS);
      assertThat(outcome).isNotNull();
      assertThat(outcome.serial()).isEqualTo(new Serial(8));
      assertThat(outcome.rcode()).isEqualTo(Rcode.REFUSED);
      assertThat(outcomes).isEmpty();
    }
  }

  @Test
  void withAKeyItIsSignedAndSoMustTheAnswerBe() throws Exception {
    try (NotifySender sender = sender(Optional.of(KEY))) {
      sender.notify(zone(7));
      byte[] wire = receive();
      Message notify = Texts.message(wire);
      assertThat(CLIENT.verify(notify, wire, null)).isEqualTo(Rcode.NOERROR);
      // Unsigned, and signed with another key: not from the resolver.
      answer(answerTo(notify, Rcode.NOERROR));
      Message forged = answerTo(notify, Rcode.NOERROR);
      new TSIG(
              TSIG.HMAC_SHA256,
              KEY.name(),
              "another".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
          .apply(forged, notify.getTSIG());
      answer(forged);
      // So it is repeated.
      assertThat(Texts.message(receive()).getHeader().getID())
          .isEqualTo(notify.getHeader().getID());
      assertThat(outcomes).isEmpty();
      Message second = Texts.message(Arrays.copyOf(packet.getData(), packet.getLength()));
      Message good = answerTo(second, Rcode.NOERROR);
      CLIENT.apply(good, second.getTSIG());
      answer(good);
      NotifySender.Outcome outcome = outcomes.poll(5, TimeUnit.SECONDS);
      assertThat(outcome).isNotNull();
      assertThat(outcome.answered()).isTrue();
    }
  }

  @Test
  void noiseAndStrangersAreIgnored() throws Exception {
    try (NotifySender sender = sender(Optional.empty());
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      sender.notify(zone(7));
      Message notify = Texts.message(receive());
      byte[] answer = answerTo(notify, Rcode.NOERROR).toWire();
      stranger.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      for (byte[] noise : List.of(new byte[0], new byte[3], new byte[12], new byte[600])) {
        resolver.send(new DatagramPacket(noise, noise.length, packet.getSocketAddress()));
      }
      await().during(java.time.Duration.ofMillis(300)).until(outcomes::isEmpty);
      answer(answerTo(notify, Rcode.NOERROR));
      assertThat(outcomes.poll(5, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void anUnknownKeyIsRefused() {
    TsigKey other = TsigKey.of("other", "hmac-sha256", SECRET);
    assertThatThrownBy(() -> sender(Optional.of(other)).close())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("other");
  }
}
