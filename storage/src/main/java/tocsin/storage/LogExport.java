package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;

/// A log as one file: its statements in their order with the times at which they were first seen,
/// and its node's newest checkpoint. It can be checked where there is nothing but this program.
///
/// Format: `tocsin log export v1` and a newline; log id (16 bytes); number of statements (8); the
/// node's public key (32; zeros if there is no checkpoint); length of the checkpoint (4),
/// checkpoint; then for each statement: first-seen time (8), length (4), envelope. Numbers are
/// big-endian.
public final class LogExport {
  private static final String FORMAT = "tocsin log export v1\n";
  private static final int KEY_BYTES = 32;

  private LogExport() {}

  /// What an export says of itself.
  ///
  /// @param size how many statements follow
  public record Header(
      LogId log, long size, Optional<PublicKey> node, Optional<SignedNote> checkpoint) {}

  /// Is given the statements, in order.
  public interface Visitor {
    /// Before the first.
    default void begin(Header header) {}

    void statement(long index, long firstSeenMillis, ByteString wire) throws IOException;
  }

  /// Gives statements, in order.
  public interface Source {
    void each(Visitor visitor) throws IOException;
  }

  /// @throws IOException if the file cannot be written
  public static void write(OutputStream stream, Header header, Source statements)
      throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream));
    out.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
    out.write(header.log().bytes().toByteArray());
    out.writeLong(header.size());
    out.write(header.node().map(it -> it.key().toByteArray()).orElseGet(() -> new byte[KEY_BYTES]));
    byte[] note =
        header.checkpoint().map(it -> it.toBytes().toByteArray()).orElseGet(() -> new byte[0]);
    out.writeInt(note.length);
    out.write(note);
    statements.each((_, firstSeenMillis, wire) -> {
      out.writeLong(firstSeenMillis);
      out.writeInt(wire.size());
      wire.writeTo(out);
    });
    out.flush();
  }

  /// Reads an export; nothing of it is verified.
  ///
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException, with one sentence, if it is no export
  public static Header read(InputStream stream, Visitor visitor) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(stream));
    try {
      String format = new String(bytes(in, FORMAT.length()), StandardCharsets.US_ASCII);
      if (!format.equals(FORMAT)) {
        throw new IllegalArgumentException("the file is no export of a log");
      }
      LogId log = new LogId(ByteString.copyFrom(bytes(in, LogId.SIZE_BYTES)));
      long size = in.readLong();
      ByteString key = ByteString.copyFrom(bytes(in, KEY_BYTES));
      ByteString note = ByteString.copyFrom(bytes(in, length(in, SignedNote.MAX_BYTES)));
      Header header =
          new Header(
              log,
              size,
              note.isEmpty() ? Optional.empty() : Optional.of(PublicKey.ed25519(key)),
              note.isEmpty() ? Optional.empty() : Optional.of(SignedNote.parse(note)));
      visitor.begin(header);
      for (long index = 0; index < size; index++) {
        long firstSeenMillis = in.readLong();
        ByteString wire = ByteString.copyFrom(bytes(in, length(in, Envelope.MAX_WIRE_BYTES)));
        visitor.statement(index, firstSeenMillis, wire);
      }
      if (in.read() >= 0) {
        throw new IllegalArgumentException("more follows after its last statement");
      }
      return header;
    } catch (EOFException e) {
      throw new IllegalArgumentException("the file ends too early", e);
    }
  }

  private static byte[] bytes(DataInputStream in, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  private static int length(DataInputStream in, int most) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > most) {
      throw new IllegalArgumentException("a length in the file is beyond all reason");
    }
    return length;
  }

  /// What a check of an export found.
  ///
  /// @param witnessed how many statements its checkpoint covers; 0 if it has none
  /// @param damage one sentence; empty if everything agrees
  public record Verified(
      long size,
      Sha256 root,
      long witnessed,
      Optional<SignedNote> checkpoint,
      Optional<String> damage) {
    Verified(String damage) {
      this(0, MerkleTree.EMPTY, 0, Optional.empty(), Optional.of(damage));
    }
  }

  /// Reads an export, verifies the form and the signatures of every statement, re-hashes them, and
  /// compares with the checkpoint, whose signatures are verified too.
  ///
  /// @param progress is told how many statements are done
  /// @throws IOException if it cannot be read
  public static Verified verify(InputStream stream, LongConsumer progress) throws IOException {
    Signatures rule = new Signatures();
    Replay replay = new Replay(new Envelopes(rule), progress);
    try {
      return compared(read(stream, replay), replay, rule);
    } catch (IllegalArgumentException e) {
      return new Verified(LogFailure.reason(e));
    }
  }

  /// Grows the tree over what is read, and notes the root at the checkpoint's size.
  private static final class Replay implements Visitor {
    private final Envelopes envelopes;
    private final LongConsumer progress;
    final MerkleTree tree = new MerkleTree();
    Sha256 rootAtCheckpoint = MerkleTree.EMPTY;
    private long checkpointSize;

    Replay(Envelopes envelopes, LongConsumer progress) {
      this.envelopes = envelopes;
      this.progress = progress;
    }

    @Override
    public void begin(Header header) {
      checkpointSize =
          header.checkpoint().map(note -> Checkpoint.of(note).head().size()).orElse(0L);
    }

    @Override
    public void statement(long index, long firstSeenMillis, ByteString wire) {
      Envelope envelope =
          switch (envelopes.verify(wire)) {
            case EnvelopeVerdict.Valid valid -> valid.envelope();
            case EnvelopeVerdict.Malformed it ->
                throw new IllegalArgumentException(
                    "statement " + index + " cannot be read: " + it.reason());
            case EnvelopeVerdict.BadSignature it ->
                throw new IllegalArgumentException("statement " + index + ": " + it.reason());
          };
      List<MerkleTree.Node> _ = tree.append(LogEntry.leaf(envelope.id(), firstSeenMillis));
      if (tree.size() == checkpointSize) {
        rootAtCheckpoint = tree.root();
      }
      progress.accept(tree.size());
    }
  }

  private static Verified compared(Header header, Replay replay, Signatures rule) {
    long size = replay.tree.size();
    Sha256 root = replay.tree.root();
    if (header.checkpoint().isEmpty() || header.node().isEmpty()) {
      return new Verified(size, root, 0, Optional.empty(), Optional.empty());
    }
    Checkpoint checkpoint =
        Checkpoint.signedBy(header.node().get(), header.checkpoint().get(), rule).checkpoint();
    LogHead head = checkpoint.head();
    if (!checkpoint.log().equals(header.log())) {
      throw new IllegalArgumentException("the checkpoint belongs to another log");
    }
    if (head.size() > size) {
      throw new IllegalArgumentException(
          "its node signed %,d statements and it holds %,d".formatted(head.size(), size));
    }
    if (!replay.rootAtCheckpoint.equals(head.root())) {
      throw new IllegalArgumentException(
          "its first %,d statements are not those that its node signed".formatted(head.size()));
    }
    return new Verified(size, root, head.size(), header.checkpoint(), Optional.empty());
  }
}
