package tocsin.node.core;

import com.google.protobuf.ByteString;
import tocsin.trust.CorrectRecord;

/// RDATA in wire form, uncompressed (RFC 1035 section 3.3 and the RFCs named at `CorrectRecord`):
/// what a probe's answer is compared with.
final class Rdata {
  private Rdata() {}

  static ByteString of(CorrectRecord correct) {
    return switch (correct) {
      case CorrectRecord.A a -> a.address();
      case CorrectRecord.Aaaa aaaa -> aaaa.address();
      case CorrectRecord.Cname cname -> cname.target().toWire();
      case CorrectRecord.Mx mx -> unsigned16(mx.preference()).concat(mx.exchange().toWire());
      case CorrectRecord.Txt txt -> {
        ByteString all = ByteString.EMPTY;
        for (ByteString string : txt.strings()) {
          all = all.concat(oneByte(string.size())).concat(string);
        }
        yield all;
      }
      case CorrectRecord.Srv srv ->
          unsigned16(srv.priority())
              .concat(unsigned16(srv.weight()))
              .concat(unsigned16(srv.port()))
              .concat(srv.target().toWire());
      case CorrectRecord.Caa caa ->
          oneByte(caa.flags())
              .concat(oneByte(caa.tag().length()))
              .concat(ByteString.copyFromUtf8(caa.tag()))
              .concat(caa.value());
    };
  }

  private static ByteString unsigned16(int value) {
    return ByteString.copyFrom(new byte[] {(byte) (value >> 8), (byte) value});
  }

  private static ByteString oneByte(int value) {
    return ByteString.copyFrom(new byte[] {(byte) value});
  }
}
