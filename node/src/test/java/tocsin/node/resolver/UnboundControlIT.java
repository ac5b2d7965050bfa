package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.DnsName;

/// A control channel with something else than unbound behind it.
@Timeout(60)
class UnboundControlIT {
  @TempDir Path folder;
  Path socket;
  ServerSocketChannel server;
  UnboundControl control;
  volatile String received = "";

  /// What the other side does once it has read the command.
  interface Behaviour {
    void run(SocketChannel channel) throws Exception;
  }

  @BeforeEach
  void listen() throws IOException {
    socket = folder.resolve("s");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    control = new UnboundControl.UnixSocket(socket);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  void answering(Behaviour behaviour) {
    Thread.ofVirtual()
        .start(() -> {
          while (server.isOpen()) {
            try (SocketChannel channel = server.accept()) {
              ByteBuffer line = ByteBuffer.allocate(2048);
              channel.read(line);
              received = new String(line.array(), 0, line.position(), StandardCharsets.US_ASCII);
              behaviour.run(channel);
            } catch (Exception e) {
              // The client hung up on us, which is what most of these tests want.
            }
          }
        });
  }

  void answering(byte[] bytes) {
    answering(channel -> channel.write(ByteBuffer.wrap(bytes)));
  }

  UnboundResolver resolver() {
    return new UnboundResolver(
        "r1", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9), control);
  }

  void flushFailsWith(String message) {
    assertThatThrownBy(() -> resolver().flush(DnsName.parse("bank.test.")))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("r1")
        .hasMessageContaining(message);
  }

  @Test
  void sendsTheVersionAndOneLine() throws Exception {
    answering("ok removed 3 rrsets\n".getBytes(StandardCharsets.US_ASCII));
    resolver().flush(DnsName.parse("bank.test."));
    assertThat(received).isEqualTo("UBCT1 flush_zone bank.test.\n");
  }

  @Test
  void anErrorIsRepeatedInOneLine() {
    answering("error unknown command 'x'\nsecond\n".getBytes(StandardCharsets.US_ASCII));
    flushFailsWith("unbound refused \"flush_zone\": error unknown command 'x'");
  }

  @Test
  void noiseIsShownHarmlessly() {
    byte[] noise = new byte[5000];
    new Random(7).nextBytes(noise);
    noise[0] = 27;
    answering(noise);
    assertThatThrownBy(() -> resolver().flush(DnsName.parse("bank.test.")))
        .isInstanceOf(ResolverException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).matches("[ -~]+"));
    assertThatThrownBy(() -> resolver().heldSerial(DnsName.parse("alert.rpz.")))
        .isInstanceOf(ResolverException.class);
  }

  @Test
  void hangingUpWithoutAWordIsAFailure() {
    answering(new byte[0]);
    flushFailsWith("hung up without an answer");
  }

  @Test
  void anAnswerWithoutEndIsCutOff() {
    answering(channel -> {
      OutputStream out = Channels.newOutputStream(channel);
      byte[] block = new byte[1 << 16];
      while (true) {
        out.write(block);
      }
    });
    flushFailsWith("longer than 1 MiB");
  }

  @Test
  void oneByteASecondDoesNotHoldUsForEver() {
    answering(channel -> {
      while (true) {
        channel.write(ByteBuffer.wrap(new byte[] {'o'}));
        Thread.sleep(300);
      }
    });
    flushFailsWith("no complete answer within 5 s");
  }

  @Test
  void nobodyThereIsAFailure() throws IOException {
    server.close();
    flushFailsWith("Connection refused");
    control = new UnboundControl.UnixSocket(folder.resolve("nothing"));
    flushFailsWith("the control channel " + folder.resolve("nothing") + " failed");
  }

  @Test
  void aSerialThatIsNoneIsAFailure() {
    answering("alert.rpz.\tserial 99999999999\n".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> resolver().heldSerial(DnsName.parse("alert.rpz.")))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("cannot read: serial 99999999999");
  }

  @Test
  void noSerialYetAndExpiredAreEmpty() throws Exception {
    answering("other.\tserial 4\nalert.rpz.\tno serial\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(resolver().heldSerial(DnsName.parse("alert.rpz."))).isEmpty();
    assertThat(resolver().heldSerial(DnsName.parse("other."))).hasValue(4);
  }

  @Test
  void aSecondLineNeverLeavesHere() {
    assertThatThrownBy(() -> control.run("flush_zone a.\nstop"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(received).isEmpty();
  }
}
