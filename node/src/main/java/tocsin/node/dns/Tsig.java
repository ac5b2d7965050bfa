package tocsin.node.dns;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Transaction signatures (RFC 8945): who verified, and what an answer is signed with.
final class Tsig {
  private static final int FIXED_BYTES = 10;
  private static final int RDATA_FIXED_BYTES = 16;
  private static final int TIME_BYTES = 6;

  private final List<TsigKey> keys;
  private final InstantSource clock;

  Tsig(List<TsigKey> keys, InstantSource clock) {
    this.keys = List.copyOf(keys);
    this.clock = clock;
  }

  /// The outcome of a verification: the key, if it is known, and an error of RFC 8945 section 3 or
  /// NOERROR.
  record Verdict(Optional<TsigKey> key, int error) {
    boolean good() {
      return error == Rcode.NOERROR;
    }
  }

  private Optional<TsigKey> find(Name name, Name algorithm) {
    return keys.stream()
        .filter(key -> key.name().equals(name) && key.algorithm().wireName().equals(algorithm))
        .findFirst();
  }

  /// Verifies a request, or with the MAC of our request the answer to it.
  ///
  /// @param prior the MAC that the message answers, empty for a request
  Verdict verify(TsigRecord tsig, byte[] prior) {
    Optional<TsigKey> found = find(tsig.keyName(), tsig.algorithm());
    if (found.isEmpty()) {
      return new Verdict(found, Rcode.BADKEY);
    }
    TsigKey key = found.get();
    int expectedBytes = key.algorithm().macBytes();
    if (tsig.macBytes() != expectedBytes) {
      // Section 5.2.2.1: too short or too long is malformed; shortened is against our policy.
      boolean shortened =
          tsig.macBytes() < expectedBytes && tsig.macBytes() >= Math.max(10, expectedBytes / 2);
      return new Verdict(found, shortened ? Rcode.BADTRUNC : Rcode.FORMERR);
    }
    Mac mac = key.mac();
    addPrior(mac, prior);
    byte[] message = tsig.message();
    ByteBuffer header = ByteBuffer.allocate(Request.HEADER_BYTES);
    header.put(message, 0, Request.HEADER_BYTES);
    header.putShort(0, (short) tsig.originalId());
    header.putShort(10, (short) (header.getShort(10) - 1));
    mac.update(header.array());
    mac.update(message, Request.HEADER_BYTES, tsig.start() - Request.HEADER_BYTES);
    addVariables(mac, key, tsig.timeSigned(), tsig.fudgeSeconds(), tsig.error(), tsig.other());
    if (!MessageDigest.isEqual(mac.doFinal(), tsig.mac())) {
      return new Verdict(found, Rcode.BADSIG);
    }
    boolean timely = Math.abs(now() - tsig.timeSigned()) <= tsig.fudgeSeconds();
    return new Verdict(found, timely ? Rcode.NOERROR : Rcode.BADTIME);
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private static void addPrior(Mac mac, byte[] prior) {
    if (prior.length > 0) {
      mac.update((byte) (prior.length >> 8));
      mac.update((byte) prior.length);
      mac.update(prior);
    }
  }

  private static void addVariables(
      Mac mac, TsigKey key, long time, int fudge, int error, byte[] otherWithLength) {
    mac.update(key.name().toWireCanonical());
    ByteBuffer classAndTtl = ByteBuffer.allocate(6).putShort((short) DClass.ANY).putInt(0);
    mac.update(classAndTtl.array());
    mac.update(key.algorithm().wireName().toWireCanonical());
    addTimers(mac, time, fudge);
    mac.update(ByteBuffer.allocate(2).putShort((short) error).array());
    mac.update(otherWithLength);
  }

  private static void addTimers(Mac mac, long time, int fudge) {
    ByteBuffer timers = ByteBuffer.allocate(8);
    timers.putShort((short) (time >> 32)).putInt((int) time).putShort((short) fudge);
    mac.update(timers.array());
  }

  /// Bytes that a signature adds to a message.
  static int sizeBytes(TsigKey key) {
    return key.name().length()
        + FIXED_BYTES
        + key.algorithm().wireName().length()
        + RDATA_FIXED_BYTES
        + key.algorithm().macBytes()
        + TIME_BYTES;
  }

  /// Signs the messages of one answer, or one request.
  Signer signer(TsigKey key, byte[] prior) {
    return new Signer(key, prior);
  }

  /// Signs successive messages, each chained to the one before (section 5.3.1).
  final class Signer {
    private final TsigKey key;
    private byte[] prior;
    private boolean first = true;

    private Signer(TsigKey key, byte[] prior) {
      this.key = key;
      this.prior = prior;
    }

    TsigKey key() {
      return key;
    }

    /// The MAC of the last message signed.
    byte[] mac() {
      return prior.clone();
    }

    /// Adds the signature to the message, which is otherwise complete.
    void sign(MessageWriter out) {
      append(out, now(), Rcode.NOERROR, new byte[2]);
    }

    /// Adds a signature that says what was wrong with the request's (section 5.2.3): BADTIME with
    /// our time, BADTRUNC.
    void signError(MessageWriter out, int error, TsigRecord request) {
      if (error != Rcode.BADTIME) {
        append(out, now(), error, new byte[2]);
        return;
      }
      ByteBuffer other = ByteBuffer.allocate(2 + TIME_BYTES).putShort((short) TIME_BYTES);
      other.putShort((short) (now() >> 32)).putInt((int) now());
      append(out, request.timeSigned(), error, other.array());
    }

    private void append(MessageWriter out, long time, int error, byte[] otherWithLength) {
      Mac mac = key.mac();
      addPrior(mac, prior);
      mac.update(out.array(), 0, out.position());
      if (first) {
        addVariables(mac, key, time, Limits.TSIG_FUDGE_SECONDS, error, otherWithLength);
      } else {
        addTimers(mac, time, Limits.TSIG_FUDGE_SECONDS);
      }
      prior = mac.doFinal();
      first = false;
      write(out, key.name(), key.algorithm().wireName(), time, prior, error, otherWithLength);
    }
  }

  /// Adds an unsigned TSIG record that says BADKEY or BADSIG: there is no key to sign it with
  /// (section 5.2.2).
  void writeUnsignedError(MessageWriter out, int error, TsigRecord request) {
    write(out, request.keyName(), request.algorithm(), now(), new byte[0], error, new byte[2]);
  }

  private static void write(
      MessageWriter out,
      Name keyName,
      Name algorithm,
      long time,
      byte[] mac,
      int error,
      byte[] otherWithLength) {
    int id = out.u16At(0);
    out.bytes(keyName.toWireCanonical());
    out.u16(Type.TSIG);
    out.u16(DClass.ANY);
    out.u32(0);
    out.u16(algorithm.length() + RDATA_FIXED_BYTES - 2 + mac.length + otherWithLength.length);
    out.bytes(algorithm.toWireCanonical());
    out.u48(time);
    out.u16(Limits.TSIG_FUDGE_SECONDS);
    out.u16(mac.length);
    out.bytes(mac);
    out.u16(id);
    out.u16(error);
    out.bytes(otherWithLength);
    out.u16At(10, out.u16At(10) + 1);
  }
}
