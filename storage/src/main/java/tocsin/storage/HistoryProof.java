package tocsin.storage;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;

/// The proof that a node serves two histories of its log: two checkpoints, both signed and dated by
/// its key, that cannot both be true. Anybody can check it who has the file.
///
/// - Two roots for one size.
/// - A smaller log at a later time: the log went back.
/// - A path that leads to the root of the larger one, and at the size of the smaller one to another
///   root than it signed (RFC 9162 section 2.1.4: a consistency proof determines both roots).
///
/// As text: a line that names the format, the node's key in base64, the hashes of the path, and the
/// two notes, each after a line of dashes.
public final class HistoryProof {
  private static final String FORMAT = "tocsin history proof v1";
  private static final String LINE = "----\n";

  private final PublicKey node;
  private final Checkpoint.Signed first;
  private final Checkpoint.Signed second;
  private final List<Sha256> path;
  private final String sentence;

  private HistoryProof(
      PublicKey node,
      Checkpoint.Signed first,
      Checkpoint.Signed second,
      List<Sha256> path,
      String sentence) {
    this.node = node;
    this.first = first;
    this.second = second;
    this.path = List.copyOf(path);
    this.sentence = sentence;
  }

  /// The proof that these two contradict each other; empty if they do not.
  ///
  /// @param path a consistency proof from the smaller to the larger one, or nothing
  public static Optional<HistoryProof> of(
      PublicKey node, Checkpoint.Signed one, Checkpoint.Signed other, List<Sha256> path) {
    if (!one.checkpoint().log().equals(other.checkpoint().log())) {
      return Optional.empty();
    }
    boolean inOrder = one.checkpoint().head().size() <= other.checkpoint().head().size();
    Checkpoint.Signed smaller = inOrder ? one : other;
    Checkpoint.Signed larger = inOrder ? other : one;
    LogHead low = smaller.checkpoint().head();
    LogHead high = larger.checkpoint().head();
    if (low.size() == high.size()) {
      return low.root().equals(high.root())
          ? Optional.empty()
          : Optional.of(
              new HistoryProof(
                  node,
                  smaller,
                  larger,
                  List.of(),
                  "it signed two different roots for its first %,d statements"
                      .formatted(low.size())));
    }
    if (smaller.atMillis() > larger.atMillis()) {
      return Optional.of(
          new HistoryProof(
              node,
              smaller,
              larger,
              List.of(),
              "it signed %,d statements, and %,d seconds later only %,d"
                  .formatted(
                      high.size(), (smaller.atMillis() - larger.atMillis()) / 1_000, low.size())));
    }
    Optional<Sha256> before = Proofs.rootBefore(low.size(), high.size(), high.root(), path);
    if (before.isPresent() && !before.get().equals(low.root())) {
      return Optional.of(
          new HistoryProof(
              node,
              smaller,
              larger,
              path,
              "the %,d statements it signed do not begin with the %,d it signed before"
                  .formatted(high.size(), low.size())));
    }
    return Optional.empty();
  }

  /// What is proved, as the end of a sentence about the node.
  public String sentence() {
    return sentence;
  }

  public PublicKey node() {
    return node;
  }

  public LogId log() {
    return first.checkpoint().log();
  }

  public static boolean isOne(String text) {
    return text.startsWith(FORMAT + "\n");
  }

  /// Reads a proof and checks it.
  ///
  /// @throws IllegalArgumentException, with one sentence, if it proves nothing
  public static HistoryProof parse(String text, Signatures rule) {
    String[] parts = text.split(LINE, -1);
    if (!isOne(text) || parts.length != 3) {
      throw new IllegalArgumentException("the file is no proof of two histories");
    }
    List<String> head = parts[0].lines().toList();
    if (head.size() < 2 || head.size() > 130) {
      throw new IllegalArgumentException("the file's first part is no key and path");
    }
    PublicKey node = PublicKey.ed25519(bytes(head.get(1)));
    List<Sha256> path = new ArrayList<>();
    for (String hash : head.subList(2, head.size())) {
      path.add(Sha256.fromBytes(bytes(hash)));
    }
    Checkpoint.Signed one = signed(node, parts[1], rule);
    Checkpoint.Signed other = signed(node, parts[2], rule);
    return of(node, one, other, path)
        .orElseThrow(
            () -> new IllegalArgumentException("both checkpoints can be true: nothing is proved"));
  }

  private static ByteString bytes(String base64) {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a line of the proof is not base64", e);
    }
  }

  private static Checkpoint.Signed signed(PublicKey node, String note, Signatures rule) {
    return Checkpoint.signedBy(node, SignedNote.parse(ByteString.copyFromUtf8(note)), rule);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    text.append(base64(node.key())).append('\n');
    path.forEach(hash -> text.append(base64(hash.toByteString())).append('\n'));
    return text.append(LINE).append(first.note()).append(LINE).append(second.note()).toString();
  }

  private static String base64(ByteString bytes) {
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
