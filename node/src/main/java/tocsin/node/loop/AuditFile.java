package tocsin.node.loop;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.transport.Words;

/// The node's own record of what its operators changed: one line each, never rewritten.
public final class AuditFile {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);

  /// More than any line has that we write: an id and a name of 64 characters.
  private static final int LINE_BYTES = 1_024;

  private final Path file;

  public AuditFile(Path file) {
    this.file = file;
  }

  void append(String line) {
    try {
      Files.writeString(
          file,
          Instant.now() + " " + Words.printable(line, LINE_BYTES) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.error("cannot write {}: {}; not recorded: {}", file, e.getMessage(), line);
    }
  }

  /// Writes a proof beside it, in `evidence/`. One that is there already stays.
  void keepProof(String name, String text) {
    Path folder = file.resolveSibling("evidence");
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve(name + ".txt"),
          text,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      LOG.debug("the proof {} is kept already", name, e);
    } catch (IOException e) {
      LOG.error("cannot keep the proof {} in {}: {}", name, folder, e.getMessage());
    }
  }
}
