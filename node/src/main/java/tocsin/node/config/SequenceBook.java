package tocsin.node.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import tocsin.trust.Header;
import tocsin.trust.StatementId;

/// The last statement that a key has signed, kept in a file beside the key. The node's log knows it
/// too, but not of statements that were signed while the node was down or that it has not seen yet;
/// a number used twice would be an equivocation.
///
/// Read and written under the key's [KeyLock]. Written *before* a signed statement leaves this
/// machine: a crash in between burns a number, which does no harm.
public final class SequenceBook {
  private final Path file;

  /// @param keyFile "keys/operations.key"; the book is "keys/operations.sequence"
  public SequenceBook(Path keyFile) {
    String name = keyFile.getFileName().toString().replaceFirst("\\.key$", "");
    this.file = keyFile.resolveSibling(name + ".sequence");
  }

  /// @param issuedAtMillis of the statement: time does not go back for a key
  public record Last(long sequence, StatementId statement, long issuedAtMillis, int slotIndex) {
    public static Last of(Header header, StatementId statement) {
      return new Last(header.sequence(), statement, header.issuedAtMillis(), header.slotIndex());
    }

    /// The other one has a number or a slot that this one, or one before it, may have: whoever
    /// signs both contradicts himself.
    public boolean rivals(Last other) {
      boolean oneHour =
          issuedAtMillis / Header.HOUR_MILLIS == other.issuedAtMillis / Header.HOUR_MILLIS;
      return other.sequence <= sequence || (oneHour && other.slotIndex <= slotIndex);
    }
  }

  /// Empty if the key has not signed anything here.
  ///
  /// @throws KeyFileException if the file is there and says nothing sensible
  public Optional<Last> last() throws KeyFileException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    TomlParseResult toml = Toml.parse(SecretFiles.read(file));
    try {
      Long sequence = toml.getLong("sequence");
      String statement = toml.getString("statement");
      Long issued = toml.getLong("issued-at-millis");
      Long slot = toml.getLong("slot-index");
      if (sequence != null && statement != null && issued != null && slot != null) {
        return Optional.of(
            new Last(sequence, StatementId.fromHex(statement), issued, Math.toIntExact(slot)));
      }
    } catch (RuntimeException e) {
      throw broken(e);
    }
    throw broken(null);
  }

  private KeyFileException broken(@Nullable RuntimeException cause) {
    String sentence =
        file + " does not say which statement its key signed last, so nothing is signed";
    return cause == null ? new KeyFileException(sentence) : new KeyFileException(sentence, cause);
  }

  public void write(Last last) throws KeyFileException {
    String text =
        """
        # The last statement that the key beside this file has signed. Do not edit: a sequence number used twice
        # is an equivocation, and suspends the key on every node.
        sequence = %d
        statement = "%s"
        issued-at-millis = %d
        slot-index = %d
        """
            .formatted(last.sequence, last.statement, last.issuedAtMillis, last.slotIndex);
    SecretFiles.replace(file, text);
  }
}
