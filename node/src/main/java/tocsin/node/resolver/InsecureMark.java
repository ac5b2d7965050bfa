package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;

/// By what a negative trust anchor is known as ours where the resolver's list has nothing but
/// names, whatever became of the node that placed it: a second one, at a name that exists nowhere
/// (RFC 6761).
final class InsecureMark {
  private static final int CHARACTERS = 32;

  private InsecureMark() {}

  /// "d41d8cd98f00b204e9800998ecf8427e.tocsin.invalid." The zone itself may be too long to be part
  /// of it.
  static DnsName of(DnsName zone) {
    String hash = Sha256.of(ByteString.copyFromUtf8(zone.toString())).toString();
    return DnsName.of(hash.substring(0, CHARACTERS) + ".tocsin.invalid.");
  }
}
