package tocsin.node.dns;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/// The frame of the answer to one request: header, question, OPT, TSIG. It keeps what it needs of
/// the request, which is read over meanwhile; so a transfer can go on with it for many messages.
final class Reply {
  private static final int ANSWER = 0x8000;
  private static final int AUTHORITATIVE = 0x0400;
  private static final int TRUNCATED = 0x0200;
  private static final int OPT_BYTES = 11;
  private static final int EXPIRE_OPTION = 9;
  private static final int EXPIRE_OPTION_BYTES = 8;
  private static final int COOKIE_OPTION = 10;
  private static final int COOKIE_OPTION_BYTES = 4 + Cookies.BYTES;
  private static final int DNSSEC_OK = 0x8000;

  private final int id;
  private final int repeatedFlags;
  private final byte[] question;
  private final boolean edns;
  private final boolean dnssecOk;
  private final boolean expireAsked;
  private Tsig.@Nullable Signer signer;
  private int rcode = Rcode.NOERROR;
  private boolean authoritative;
  private boolean truncated;
  private int expireSeconds = -1;
  private byte[] cookie = {};
  private int answers;
  private int authorities;

  Reply(Request request) {
    this.id = request.id();
    this.repeatedFlags = request.repeatedFlags();
    this.question =
        Arrays.copyOfRange(request.bytes(), Request.HEADER_BYTES, request.questionEnd());
    this.edns = request.edns();
    this.dnssecOk = request.dnssecOk();
    this.expireAsked = request.expireAsked();
  }

  /// All messages are to be signed.
  void signWith(Tsig.Signer with) {
    signer = with;
  }

  void rcode(int code) {
    rcode = code;
  }

  void authoritative() {
    authoritative = true;
  }

  /// Tells the zone's expiry to a client that asked for it (RFC 7314).
  void expire(int seconds) {
    if (expireAsked) {
      expireSeconds = seconds;
    }
  }

  /// Gives the client its cookie for the next time.
  void cookie(byte[] issued) {
    cookie = issued;
  }

  int answers() {
    return answers;
  }

  /// The answer section has so many records more.
  void countAnswers(int more) {
    answers += more;
  }

  void countAnswer() {
    answers++;
  }

  /// The authority section has one record more.
  void countAuthority() {
    authorities++;
  }

  /// Bytes that [#end] will add.
  int tailBytes() {
    int bytes = edns ? OPT_BYTES + optionBytes() : 0;
    return signer == null ? bytes : bytes + Tsig.sizeBytes(signer.key());
  }

  private int optionBytes() {
    return (expireSeconds >= 0 ? EXPIRE_OPTION_BYTES : 0)
        + (cookie.length > 0 ? COOKIE_OPTION_BYTES : 0);
  }

  /// Starts a message with header and question.
  void begin(MessageWriter out) {
    out.rewind(0);
    out.u16(id);
    out.u16(0);
    out.u16(question.length == 0 ? 0 : 1);
    out.u16(0);
    out.u32(0);
    out.bytes(question);
    answers = 0;
    authorities = 0;
  }

  /// Takes back all records: they do not fit, and the client shall come by TCP.
  void truncate(MessageWriter out) {
    out.rewind(Request.HEADER_BYTES + question.length);
    truncated = true;
    answers = 0;
    authorities = 0;
  }

  /// Finishes the message.
  void end(MessageWriter out) {
    endUnsigned(out);
    if (signer != null) {
      signer.sign(out);
    }
  }

  /// Finishes the message but for a TSIG record.
  void endUnsigned(MessageWriter out) {
    if (edns) {
      opt(out);
    }
    int flags = ANSWER | repeatedFlags | (rcode & 0xf);
    flags |= authoritative ? AUTHORITATIVE : 0;
    flags |= truncated ? TRUNCATED : 0;
    out.u16At(2, flags);
    out.u16At(6, answers);
    out.u16At(8, authorities);
    out.u16At(10, edns ? 1 : 0);
  }

  private void opt(MessageWriter out) {
    out.u8(0);
    out.u16(Type.OPT);
    out.u16(Limits.UDP_ANSWER_BYTES);
    out.u8(rcode >> 4);
    out.u8(0);
    out.u16(dnssecOk ? DNSSEC_OK : 0);
    out.u16(optionBytes());
    if (expireSeconds >= 0) {
      out.u16(EXPIRE_OPTION);
      out.u16(4);
      out.u32(expireSeconds);
    }
    if (cookie.length > 0) {
      out.u16(COOKIE_OPTION);
      out.u16(cookie.length);
      out.bytes(cookie);
    }
  }
}
