package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import tocsin.trust.KeyId;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// What a node says of its log: how many statements, and the root over them. As the text of a
/// signed note it is a checkpoint of https://c2sp.org/tlog-checkpoint. The node's key signs it
/// under the log's name, and once more, with the time, as a witness of its own log: so that of two
/// checkpoints one can say which is the later.
public record Checkpoint(LogId log, LogHead head) {
  private static final String LOG = "tocsin/log/";
  private static final String NODE = "tocsin/node/";

  /// The name of a log, and of the key that signs for it.
  public static String origin(LogId log) {
    return LOG + log;
  }

  /// The name under which a node cosigns.
  public static String witness(KeyId nodeKey) {
    return NODE + nodeKey;
  }

  /// The text to be signed: three lines.
  public String text() {
    return origin(log)
        + "\n"
        + head.size()
        + "\n"
        + Base64.getEncoder().encodeToString(head.root().toByteArray())
        + "\n";
  }

  /// Signed and dated by the node that keeps the log.
  public SignedNote sign(SigningKey nodeKey, long nowMillis) {
    SignedNote note = SignedNote.sign(text(), origin(log), nodeKey);
    return note.with(note.cosignature(witness(nodeKey.id()), nodeKey, nowMillis));
  }

  /// Reads the text of a note. Extension lines are refused: nobody here writes any.
  ///
  /// @throws IllegalArgumentException, with one sentence, if it is no checkpoint of a node's log
  public static Checkpoint of(SignedNote note) {
    List<String> lines = note.text().lines().toList();
    if (lines.size() != 3 || !lines.getFirst().matches(LOG + "[0-9a-f]{32}")) {
      throw new IllegalArgumentException("the note is no checkpoint of a node's log");
    }
    if (!lines.get(1).matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("the checkpoint's size is no number");
    }
    byte[] root;
    try {
      root = Base64.getDecoder().decode(lines.get(2));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the checkpoint's root is not base64", e);
    }
    byte[] log = HexFormat.of().parseHex(lines.getFirst().substring(LOG.length()));
    Checkpoint read =
        new Checkpoint(
            new LogId(ByteString.copyFrom(log)),
            new LogHead(Long.parseLong(lines.get(1)), Sha256.fromBytes(ByteString.copyFrom(root))));
    if (!read.text().equals(note.text())) {
      throw new IllegalArgumentException("the checkpoint is not written as it should be");
    }
    return read;
  }

  /// Reads a note that this node's key signed and dated.
  ///
  /// @throws IllegalArgumentException, with one sentence, if it is none
  public static Signed signedBy(PublicKey nodeKey, SignedNote note, Signatures rule) {
    Checkpoint checkpoint = of(note);
    if (!note.isSignedBy(origin(checkpoint.log()), nodeKey, rule)) {
      throw new IllegalArgumentException("the checkpoint is not signed by its node");
    }
    Optional<Long> at = note.cosignedAtMillis(witness(nodeKey.id()), nodeKey, rule);
    if (at.isEmpty()) {
      throw new IllegalArgumentException("the checkpoint is not dated by its node");
    }
    return new Signed(checkpoint, note, at.get());
  }

  /// A checkpoint whose signature was checked.
  ///
  /// @param atMillis when the node says it was so
  public record Signed(Checkpoint checkpoint, SignedNote note, long atMillis) {}
}
