package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tocsin.storage.Checkpoint;
import tocsin.storage.LogEntry;
import tocsin.storage.Proofs;
import tocsin.storage.SignedNote;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.Statement;
import tools.jackson.databind.JsonNode;

/// A proof that a statement is in a node's log, as a file that anybody can check who has this
/// program, or reads the formats that it names: DSSE, RFC 9162, C2SP notes.
///
/// JSON, schema `tocsin.proof/v1`: the envelope; when the node first saw it and at which index; the
/// inclusion path; the checkpoint with cosignatures; the keys; the envelopes of the organizations
/// and vouches that stand behind it; the node's own explanation of why it believed it, which is a
/// claim and not a proof.
final class StatementProofFile {
  static final String SCHEMA = "tocsin.proof/v1";

  private StatementProofFile() {}

  static Map<String, Object> fields(
      tocsin.proto.StatementProof proof, List<ByteString> behind, Map<String, Object> explanation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", SCHEMA);
    fields.put("id", Words.hex(proof.getEntry().getId()));
    fields.put("envelope", base64(proof.getEntry().getEnvelope().toByteString()));
    fields.put("index", proof.getEntry().getIndex());
    fields.put("first_seen_millis", proof.getEntry().getFirstSeenMillis());
    fields.put("path", proof.getPathList().stream().map(StatementProofFile::base64).toList());
    fields.put("checkpoint", proof.getCheckpoint());
    fields.put("node", base64(proof.getNode()));
    fields.put(
        "witnesses", proof.getWitnessesList().stream().map(StatementProofFile::base64).toList());
    fields.put("behind", behind.stream().map(StatementProofFile::base64).toList());
    fields.put("explanation", explanation);
    return fields;
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  /// What a proof shows.
  ///
  /// @param cosignatures witnesses, the node itself not counted, whose cosignatures are good
  /// @param vouches pairs of organizations of which the first vouched for the second, by statements
  ///   in the file, whose signatures are good and whose keys the first one's profile lists
  record Shown(
      Envelope statement,
      long index,
      long firstSeenMillis,
      Checkpoint.Signed checkpoint,
      PublicKey node,
      int cosignatures,
      List<String> vouches) {}

  /// @throws IllegalArgumentException, with one sentence, if it proves nothing
  static Shown check(JsonNode json) {
    Signatures rule = new Signatures();
    Envelopes envelopes = new Envelopes(rule);
    if (!SCHEMA.equals(json.path("schema").asString(""))) {
      throw new IllegalArgumentException("the file is no proof of a statement");
    }
    Envelope statement = verified(envelopes, bytes(json, "envelope"));
    PublicKey node = PublicKey.ed25519(bytes(json, "node"));
    SignedNote note =
        SignedNote.parse(ByteString.copyFromUtf8(json.path("checkpoint").asString("")));
    Checkpoint.Signed checkpoint = Checkpoint.signedBy(node, note, rule);
    long index = json.path("index").asLong(-1);
    long firstSeen = json.path("first_seen_millis").asLong(-1);
    List<Sha256> path = new ArrayList<>();
    for (JsonNode hash : json.path("path")) {
      path.add(Sha256.fromBytes(bytes(hash.asString(""))));
    }
    Sha256 leaf = Proofs.leafHash(LogEntry.leaf(statement.id(), firstSeen));
    var head = checkpoint.checkpoint().head();
    if (!Proofs.includes(leaf, index, head.size(), path, head.root())) {
      throw new IllegalArgumentException(
          "the path does not lead from the statement to the root that the node signed");
    }
    return new Shown(
        statement,
        index,
        firstSeen,
        checkpoint,
        node,
        cosignatures(json, note, rule),
        vouches(envelopes, json));
  }

  /// How many of the witnesses in the file have cosigned, by good signatures.
  private static int cosignatures(JsonNode json, SignedNote note, Signatures rule) {
    TreeSet<String> witnesses = new TreeSet<>();
    for (JsonNode each : json.path("witnesses")) {
      PublicKey key = PublicKey.ed25519(bytes(each.asString("")));
      String name = Checkpoint.witness(key.id());
      if (note.cosignedAtMillis(name, key, rule).isPresent()) {
        witnesses.add(name);
      }
    }
    return witnesses.size();
  }

  private static List<String> vouches(Envelopes envelopes, JsonNode json) {
    List<Envelope> behind = new ArrayList<>();
    for (JsonNode wire : json.path("behind")) {
      behind.add(verified(envelopes, bytes(wire.asString(""))));
    }
    List<String> vouches = new ArrayList<>();
    for (Envelope envelope : behind) {
      if (envelope.statement() instanceof Statement.Vouch vouch
          && speaksFor(behind, envelope.issuer(), envelope)) {
        vouches.add(envelope.issuer() + " vouches for " + vouch.subject());
      }
    }
    return vouches;
  }

  /// The organization's profile, which is in the file, lists the key.
  private static boolean speaksFor(
      List<Envelope> behind, OrganizationId organization, Envelope signed) {
    return behind.stream()
        .filter(it -> it.issuer().equals(organization))
        .map(Envelope::statement)
        .filter(Statement.Profile.class::isInstance)
        .map(Statement.Profile.class::cast)
        .flatMap(profile -> profile.keys().stream())
        .anyMatch(key -> key.key().id().equals(signed.statement().header().key()));
  }

  private static Envelope verified(Envelopes envelopes, ByteString wire) {
    return switch (envelopes.verify(wire)) {
      case EnvelopeVerdict.Valid valid -> valid.envelope();
      case EnvelopeVerdict.Malformed it ->
          throw new IllegalArgumentException("a statement cannot be read: " + it.reason());
      case EnvelopeVerdict.BadSignature it -> throw new IllegalArgumentException(it.reason());
    };
  }

  private static ByteString bytes(JsonNode json, String field) {
    return bytes(json.path(field).asString(""));
  }

  private static ByteString bytes(String base64) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("something in the file is not base64", e);
    }
  }
}
