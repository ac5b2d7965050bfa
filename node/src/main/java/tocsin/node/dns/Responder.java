package tocsin.node.dns;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// Answers requests: bytes in, bytes out. It belongs to one thread, and its buffers are used again
/// and again.
final class Responder {
  /// What to do after [#respond].
  enum Outcome {
    /// The answer is in [#out].
    ANSWER,
    /// Say nothing.
    SILENCE,
    /// [#transfer] writes the messages of the answer.
    TRANSFER
  }

  /// The last place that a compression pointer reaches.
  private static final int MAX_POINTER = 0x3fff;

  private final Supplier<ServedZones> zones;
  private final Tsig tsig;
  private final TransferAcl acl;
  private final Cookies cookies;
  private final DnsCounters counters;
  private final Refusals refusals;
  private final Request request = new Request();
  private final MessageWriter out = new MessageWriter(Limits.MESSAGE_BYTES);
  private final byte[] targetKey = new byte[Limits.KEY_BYTES];
  private final int[] targetLabels = new int[Limits.NAME_LABELS];
  private @Nullable ZoneTransfer transfer;

  /// Whether the client of the last request is known to receive at its address.
  private boolean proven;

  Responder(
      Supplier<ServedZones> zones,
      Tsig tsig,
      TransferAcl acl,
      Cookies cookies,
      DnsCounters counters,
      Refusals refusals) {
    this.zones = zones;
    this.tsig = tsig;
    this.acl = acl;
    this.cookies = cookies;
    this.counters = counters;
    this.refusals = refusals;
  }

  /// The last answer; good until the next call.
  MessageWriter out() {
    return out;
  }

  /// The transfer to be sent; asked once after [Outcome#TRANSFER].
  ZoneTransfer transfer() {
    ZoneTransfer taken = transfer;
    if (taken == null) {
      throw new IllegalStateException("the last request was for no transfer");
    }
    transfer = null;
    return taken;
  }

  /// Whether the client of the last request has shown, by a cookie or a signature, that it is where
  /// it says: an answer to it is no reflection.
  boolean proven() {
    return proven;
  }

  /// Answers the request in the first `length` bytes, which came by TCP.
  Outcome respond(byte[] bytes, int length, InetAddress client) {
    return respond(bytes, length, client, 0);
  }

  /// Answers the request in the first `length` bytes.
  ///
  /// @param unprovenBytes more than 0: it came as a datagram, the answer must fit one, and be no
  ///   longer than this unless the client is [#proven]; 0: it came by TCP
  Outcome respond(byte[] bytes, int length, InetAddress client, int unprovenBytes) {
    proven = false;
    boolean udp = unprovenBytes > 0;
    Request.Reading reading = request.read(bytes, length);
    if (reading == Request.Reading.SILENT) {
      counters.silent().increment();
      return Outcome.SILENCE;
    }
    if (reading == Request.Reading.MALFORMED) {
      counters.malformed().increment();
      return headerOnly(Rcode.FORMERR);
    }
    if (request.opcode() != Opcode.QUERY) {
      counters.refused().increment();
      boolean outside = request.opcode() == Opcode.NOTIFY || request.opcode() == Opcode.UPDATE;
      if (outside) {
        refusals.notice(client, request.opcode() == Opcode.NOTIFY);
      }
      return headerOnly(outside ? Rcode.REFUSED : Rcode.NOTIMP);
    }
    counters.queries().increment();
    Reply reply = reply(client);
    TsigKey signer = null;
    TsigRecord signature = request.tsig();
    if (signature != null) {
      Tsig.Verdict verdict = tsig.verify(signature, new byte[0]);
      if (!verdict.good()) {
        counters.refused().increment();
        refusals.signature(client, verdict.error());
        return badSignature(reply, signature, verdict);
      }
      proven = true;
      signer = verdict.key().orElseThrow();
      reply.signWith(tsig.signer(signer, signature.mac()));
    }
    int limitBytes = Limits.MESSAGE_BYTES;
    if (udp) {
      limitBytes = Math.min(Limits.UDP_ANSWER_BYTES, request.payloadBytes());
      limitBytes = proven ? limitBytes : Math.min(limitBytes, unprovenBytes);
    }
    if (request.ednsVersion() != 0) {
      return error(reply, Rcode.BADVERS);
    }
    ServedZones.Served zone = zones.get().enclosing(request.key(), request.keyLength());
    if (zone == null || request.rrClass() != DClass.IN) {
      counters.refused().increment();
      return error(reply, Rcode.REFUSED);
    }
    if (ZoneTransfer.is(request.type())) {
      return transfer(reply, zone, client, signer, udp ? limitBytes : 0);
    }
    if (request.type() == 0
        || request.type() == Type.OPT
        || (request.type() >= Type.TKEY && request.type() < Type.ANY)) {
      return error(reply, Rcode.NOTIMP);
    }
    reply.begin(out);
    reply.authoritative();
    if (!look(reply, zone.content(), limitBytes)) {
      reply.truncate(out);
    }
    reply.end(out);
    return Outcome.ANSWER;
  }

  /// The answer's frame, with a new cookie for whoever knows cookies; says whether the client is
  /// proven by its own.
  private Reply reply(InetAddress client) {
    Reply reply = new Reply(request);
    byte[] given = request.cookie();
    if (given.length > 0) {
      proven = cookies.isOurs(given, client);
      reply.cookie(cookies.issue(given, client));
    }
    return reply;
  }

  /// Answers a datagram of a network that has had its share. A client with a good cookie is not
  /// concerned; one that knows cookies is given one (BADCOOKIE, RFC 7873 section 5.2.3); others are
  /// told "truncated", so that whoever is real comes again by TCP.
  ///
  /// @param slip whether this is one of those that are answered at all
  Outcome limited(byte[] bytes, int length, InetAddress client, boolean slip) {
    proven = false;
    if (request.read(bytes, length) != Request.Reading.GOOD || request.opcode() != Opcode.QUERY) {
      return Outcome.SILENCE;
    }
    Reply reply = reply(client);
    if (proven) {
      return respond(bytes, length, client, Limits.UDP_ANSWER_BYTES);
    }
    counters.limited().increment();
    if (!slip) {
      return Outcome.SILENCE;
    }
    if (request.cookie().length > 0) {
      return error(reply, Rcode.BADCOOKIE);
    }
    reply.begin(out);
    reply.truncate(out);
    reply.end(out);
    return Outcome.ANSWER;
  }

  private Outcome headerOnly(int rcode) {
    out.rewind(0);
    out.u16(request.id());
    out.u16(0x8000 | request.repeatedFlags() | rcode);
    out.u32(0);
    out.u32(0);
    return Outcome.ANSWER;
  }

  private Outcome error(Reply reply, int rcode) {
    reply.begin(out);
    reply.rcode(rcode);
    reply.end(out);
    return Outcome.ANSWER;
  }

  private Outcome badSignature(Reply reply, TsigRecord signature, Tsig.Verdict verdict) {
    if (verdict.error() == Rcode.FORMERR) {
      return headerOnly(Rcode.FORMERR);
    }
    reply.begin(out);
    reply.rcode(Rcode.NOTAUTH);
    reply.endUnsigned(out);
    if (verdict.error() == Rcode.BADTIME || verdict.error() == Rcode.BADTRUNC) {
      tsig.signer(verdict.key().orElseThrow(), signature.mac())
          .signError(out, verdict.error(), signature);
    } else {
      tsig.writeUnsignedError(out, verdict.error(), signature);
    }
    return Outcome.ANSWER;
  }

  /// @param udpLimitBytes 0 for TCP
  private Outcome transfer(
      Reply reply,
      ServedZones.Served served,
      InetAddress client,
      @Nullable TsigKey signer,
      int udpLimitBytes) {
    if (!acl.allows(client, signer) || !(served.content() instanceof Zone zone)) {
      counters.refused().increment();
      refusals.transfer(client, acl.refusal(client, signer));
      return error(reply, Rcode.REFUSED);
    }
    if (request.nameBytes() != zone.origin().length()) {
      return error(reply, Rcode.NOTAUTH);
    }
    boolean incremental = request.type() == Type.IXFR;
    if (udpLimitBytes > 0 && !incremental) {
      return error(reply, Rcode.FORMERR);
    }
    counters.transfers().increment();
    reply.authoritative();
    reply.expire(zone.expireSeconds());
    ZoneTransfer asked =
        incremental
            ? ZoneTransfer.since(reply, zone, served.journal(), request.clientSerial())
            : ZoneTransfer.whole(reply, zone);
    if (udpLimitBytes == 0) {
      if (asked.isWhole()) {
        counters.wholeZones().increment();
      }
      transfer = asked;
      return Outcome.TRANSFER;
    }
    if (!asked.fits(out, udpLimitBytes)) {
      asked = ZoneTransfer.soaOnly(reply, zone);
    }
    asked.write(out, udpLimitBytes);
    return Outcome.ANSWER;
  }

  /// Writes the records that answer the question; false if they do not fit.
  private boolean look(Reply reply, ZoneContent zone, int limitBytes) {
    if (request.type() == Type.SOA) {
      reply.expire(zone.expireSeconds());
    }
    int room = limitBytes - reply.tailBytes();
    ZoneSigner signer = request.dnssecOk() ? zone.signer() : null;
    OwnerRecords found = zone.find(request.key(), request.keyLength());
    // Where the name that is looked for stands in the message: the question, then aliases' targets.
    int nameAt = Request.HEADER_BYTES;
    for (int step = 0; found != null; step++) {
      RecordSet set = choose(found);
      if (set == null) {
        set = found.set(Type.CNAME);
        if (set == null) {
          return negative(reply, zone, signer, nameAt, true, room);
        }
      }
      int signatureBytes = signer == null ? 0 : RecordSet.sizeBytes(signer.sizeBytes());
      if (out.position() + set.sizeBytes() + signatureBytes > room) {
        return false;
      }
      int start = out.position();
      write(reply, set, 0xc000 | nameAt);
      int end = out.position();
      if (signer != null) {
        out.u16(0xc000 | nameAt);
        byte[] signature = signer.sign(name(nameAt), set);
        ZoneSigner.writeUnowned(out, Type.RRSIG, set.ttlSeconds(), signature);
        reply.countAnswer();
      }
      if (set.type() != Type.CNAME
          || request.type() == Type.CNAME
          || request.type() == Type.ANY
          || step == Limits.CNAME_CHAIN) {
        return true;
      }
      // The alias's target, the end of its only record, owns what follows.
      nameAt = end - set.rdata(0).length;
      int length = NameKey.write(out.array(), nameAt, targetKey, targetLabels);
      if (start > MAX_POINTER || !NameKey.encloses(zone.originKey(), targetKey, length)) {
        return true;
      }
      found = zone.find(targetKey, length);
    }
    reply.rcode(Rcode.NXDOMAIN);
    return negative(reply, zone, signer, nameAt, false, room);
  }

  /// The uncompressed name at this place of the message, in lower case.
  private byte[] name(int at) {
    byte[] message = out.array();
    int end = at;
    while (message[end] != 0) {
      end += 1 + message[end];
    }
    byte[] name = Arrays.copyOfRange(message, at, end + 1);
    for (int i = 0; i < name.length; i++) {
      // No length is a letter's code: labels have at most 63 bytes.
      if (name[i] >= 'A' && name[i] <= 'Z') {
        name[i] = (byte) (name[i] + 'a' - 'A');
      }
    }
    return name;
  }

  /// The set that is asked for; for ANY one of them (RFC 8482 section 4.1); null if there is none.
  private @Nullable RecordSet choose(OwnerRecords found) {
    if (request.type() == Type.ANY) {
      return found.sets().isEmpty() ? null : found.sets().getFirst();
    }
    return found.set(request.type());
  }

  private void write(Reply reply, RecordSet set, int ownerPointer) {
    reply.countAnswers(set.count());
    if (ownerPointer == RecordSet.POINTER) {
      set.write(out);
      return;
    }
    for (int at = 0; at < set.sizeBytes(); at = set.after(at)) {
      out.u16(ownerPointer);
      set.writeUnowned(out, at);
    }
  }

  /// The SOA in the authority section, for a name or a type that is not there (RFC 2308); where the
  /// zone is signed, with the proof.
  ///
  /// @param nameAt where the name stands in the message
  /// @param exists whether it is the type that is not there
  private boolean negative(
      Reply reply,
      ZoneContent zone,
      @Nullable ZoneSigner signer,
      int nameAt,
      boolean exists,
      int room) {
    RecordSet soa = zone.soa();
    if (out.position() + soa.sizeBytes() > room) {
      return false;
    }
    int originAt = Request.HEADER_BYTES + request.nameBytes() - zone.origin().length();
    if (signer == null) {
      out.u16(0xc000 | originAt);
      soa.writeUnowned(out, 0);
      reply.countAuthority();
      return true;
    }
    byte[] name = name(nameAt);
    Denial denial = new Denial(zone);
    List<OwnerRecords> proof = exists ? denial.ofType(name) : denial.ofName(name);
    int signatureBytes = RecordSet.sizeBytes(signer.sizeBytes());
    int bytes = soa.sizeBytes() + signatureBytes + 2 * zone.origin().length();
    for (OwnerRecords each : proof) {
      bytes += each.sets().getFirst().sizeBytes() + signatureBytes + 2 * each.owner().length;
    }
    if (out.position() + bytes > room) {
      return false;
    }
    authority(reply, signer, zone.origin().toWireCanonical(), soa);
    proof.forEach(each -> authority(reply, signer, each.owner(), each.sets().getFirst()));
    return true;
  }

  /// A set of one record, signed.
  private void authority(Reply reply, ZoneSigner signer, byte[] owner, RecordSet set) {
    out.bytes(owner);
    set.writeUnowned(out, 0);
    byte[] signature = signer.sign(owner, set);
    ZoneSigner.write(out, owner, Type.RRSIG, set.ttlSeconds(), signature);
    reply.countAuthority();
    reply.countAuthority();
  }
}
