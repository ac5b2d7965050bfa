package tocsin.trust;

import com.google.protobuf.ByteString;
import java.util.List;

/// A *verified* envelope: its body is well-formed and each signature on it is good. That the keys
/// belong to the issuer, and that anybody should believe it, is judged by the node, anew whenever
/// what it knows changes.
///
/// Made by `Envelopes`: `verify` (from the network or a file), `sign`, or `fromLog` (verified when
/// it was appended).
///
/// @param wire the serialized `proto.Envelope`, exactly as received; stored and relayed as it is
/// @param signers the distinct keys that signed, ascending by key id
public record Envelope(
    StatementId id, Statement statement, ByteString wire, List<PublicKey> signers) {
  /// Limit of a statement's body.
  public static final int MAX_BODY_BYTES = 16 * 1024;

  /// Limit of the whole: the body, 16 signatures with their keys, and framing.
  public static final int MAX_WIRE_BYTES = MAX_BODY_BYTES + 16 * 128 + 256;

  public Envelope {
    signers = List.copyOf(signers);
  }

  /// Who speaks: the header's issuer, or, for a genesis profile, the organization that it founds.
  public OrganizationId issuer() {
    return statement.header().issuer().orElseGet(() -> new OrganizationId(id.hash()));
  }
}
