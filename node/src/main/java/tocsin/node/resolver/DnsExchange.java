package tocsin.node.resolver;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;

/// One question to one server and its answer: UDP with repeats, TCP if the answer was truncated
/// (RFC 7766) or if nothing that fits came over UDP.
///
/// Against forged answers (RFC 5452): a socket, hence a port, and a random id for each try, the
/// server's address checked by the kernel, the question compared with its letters' case, which is
/// random where the caller wants so (draft-vixie-dnsext-dns0x20). What does not fit is ignored, not
/// an error. A refusal may come without the question, as unbound sends it to those whom its
/// `access-control` refuses: whoever forges one gains a failure that is tried again.
final class DnsExchange {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int HEADER_BYTES = 12;

  private DnsExchange() {}

  /// @param recurse whether the server is asked to resolve (RD)
  /// @param mixCase whether to mix the case of the question's letters
  /// @return an answer with this id and question, complete
  /// @throws SocketTimeoutException if there was none in time
  /// @throws IOException if the server's host says that nobody listens there
  static Message ask(
      InetSocketAddress server,
      Question question,
      boolean recurse,
      boolean mixCase,
      Duration timeout)
      throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Message query = query(question, recurse, mixCase);
    Duration patience = ResolverLimits.FIRST_TRY;
    while (millisLeft(deadline) > 0) {
      // The last third of the time belongs to TCP: a middlebox may eat UDP or change the question's
      // case.
      long udpMillis = millisLeft(deadline) - timeout.toMillis() / 3;
      if (udpMillis <= 0) {
        break;
      }
      query.getHeader().setID(RANDOM.nextInt(0x10000));
      Optional<Message> answer =
          askUdp(server, query, (int) Math.min(udpMillis, patience.toMillis()));
      if (answer.isPresent()) {
        if (!answer.get().getHeader().getFlag(Flags.TC)) {
          return answer.get();
        }
        break;
      }
      patience = patience.multipliedBy(2);
    }
    return askTcp(server, query, deadline);
  }

  private static Message query(Question question, boolean recurse, boolean mixCase) {
    Name name = DnsData.name(question.name());
    Message query =
        Message.newQuery(
            Record.newRecord(mixCase ? mixed(name) : name, question.type(), DClass.IN));
    if (!recurse) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    query.addRecord(new OPTRecord(ResolverLimits.UDP_ANSWER_BYTES, 0, 0), Section.ADDITIONAL);
    return query;
  }

  private static Name mixed(Name name) {
    byte[] wire = name.toWire();
    byte[] coins = new byte[wire.length];
    RANDOM.nextBytes(coins);
    for (int i = 0; i < wire.length; i++) {
      // Length bytes are at most 63, below the letters.
      if (wire[i] >= 'a' && wire[i] <= 'z' && coins[i] < 0) {
        wire[i] = (byte) (wire[i] - 32);
      }
    }
    try {
      return new Name(wire);
    } catch (IOException e) {
      throw new AssertionError("case does not matter to a name's form", e);
    }
  }

  private static Optional<Message> askUdp(InetSocketAddress server, Message query, int millis)
      throws IOException {
    long deadline = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    byte[] wire = query.toWire();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.send(new DatagramPacket(wire, wire.length));
      byte[] buffer = new byte[0x10000];
      while (millisLeft(deadline) > 0) {
        socket.setSoTimeout((int) millisLeft(deadline));
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Optional<Message> answer = fitting(query, Arrays.copyOf(buffer, packet.getLength()), true);
        if (answer.isPresent()) {
          return answer;
        }
      }
      return Optional.empty();
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  private static Message askTcp(InetSocketAddress server, Message query, long deadline)
      throws IOException {
    long left = millisLeft(deadline);
    if (left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    try (Socket socket = new Socket();
        Guard guard = Guard.closing(socket, Duration.ofMillis(left))) {
      socket.connect(server, (int) left);
      byte[] wire = query.toWire();
      byte[] framed = new byte[wire.length + 2];
      framed[0] = (byte) (wire.length >> 8);
      framed[1] = (byte) wire.length;
      System.arraycopy(wire, 0, framed, 2, wire.length);
      try {
        OutputStream out = socket.getOutputStream();
        out.write(framed);
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        // Nobody beside the path can forge a TCP answer, so the case need not fit here.
        Optional<Message> answer = fitting(query, bytes, false);
        if (answer.isEmpty()) {
          throw new WireParseException("the answer over TCP is not one to the question");
        }
        return answer.get();
      } catch (IOException e) {
        if (guard.closed()) {
          throw new SocketTimeoutException("no answer in time");
        }
        throw e;
      }
    }
  }

  /// The message, if it is an answer to this query.
  private static Optional<Message> fitting(Message query, byte[] bytes, boolean sameCase) {
    try {
      Message answer = new Message(bytes);
      Record asked = query.getQuestion();
      Record repeated = answer.getQuestion();
      if (!answer.getHeader().getFlag(Flags.QR)
          || answer.getHeader().getID() != query.getHeader().getID()
          || answer.getHeader().getOpcode() != Opcode.QUERY) {
        return Optional.empty();
      }
      if (bytes.length == HEADER_BYTES && answer.getRcode() == Rcode.REFUSED) {
        return Optional.of(answer);
      }
      boolean fits =
          answer.getHeader().getCount(Section.QUESTION) == 1
              && repeated != null
              && repeated.getType() == asked.getType()
              && repeated.getDClass() == asked.getDClass()
              && repeated.getName().equals(asked.getName())
              && (!sameCase
                  || Arrays.equals(repeated.getName().toWire(), asked.getName().toWire()));
      return fits ? Optional.of(answer) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // dnsjava throws unchecked exceptions on some malformed messages; hostile input ends here.
      return Optional.empty();
    }
  }

  private static long millisLeft(long deadlineNanos) {
    return Duration.ofNanos(deadlineNanos - System.nanoTime()).toMillis();
  }
}
