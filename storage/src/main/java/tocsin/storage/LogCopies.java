package tocsin.storage;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is done with a log as a whole while its node is stopped: put back from a backup, begun anew
/// when it is damaged. Both begin a *new* log, with an id of its own: whatever the node signed of
/// the old one, it never signs backwards.
public final class LogCopies {
  private LogCopies() {}

  /// Puts a backup in the place of a log.
  ///
  /// @param folder of the log; must be missing or empty
  /// @param backup what [RocksStatementLog#backup] made; stays as it is
  /// @return how many statements there are
  /// @throws LogFailure if the backup is damaged, there is a log already, or the medium fails
  public static long restore(Path backup, Path folder, EnvelopeDecoder decoder) {
    if (!isEmpty(folder)) {
      throw new LogFailure(
          "there is a log in %s already: move the folder away first".formatted(folder));
    }
    if (!HeadAnchor.exists(backup)) {
      throw new LogFailure("there is no backup in %s".formatted(backup));
    }
    try (RocksStatementLog log = RocksStatementLog.openReadOnly(backup, decoder)) {
      LogCheck check = log.verify();
      if (!check.ok()) {
        throw new LogFailure(check.damage().orElseThrow());
      }
    }
    Path draft = folder.resolveSibling(folder.getFileName() + ".new");
    try {
      Indices.delete(draft);
      Files.createDirectories(draft.resolve(LogFolder.DATABASE));
      try (Stream<Path> files = Files.list(backup.resolve(LogFolder.DATABASE))) {
        for (Path file : files.toList()) {
          Files.copy(file, draft.resolve(LogFolder.DATABASE).resolve(file.getFileName()));
        }
      }
      Files.copy(backup.resolve(HeadAnchor.FILE), draft.resolve(HeadAnchor.FILE));
      LogFolder.beginAnew(draft);
      Files.deleteIfExists(folder);
      Files.move(draft, folder);
      HeadAnchor.syncNames(folder.toAbsolutePath().resolveSibling(""));
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "restore", e);
    }
    try (RocksStatementLog log = RocksStatementLog.open(folder, decoder)) {
      return log.size();
    }
  }

  private static boolean isEmpty(Path folder) {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "read", e);
    }
  }

  /// What came of a log that was begun anew.
  ///
  /// @param aside where the damaged one is now
  /// @param facts how many of the node's own facts could be read and were taken over
  /// @param lost why none could; empty if they could
  public record Begun(Path aside, int facts, Optional<String> lost) {}

  /// Moves a damaged log aside and begins an empty one, with those of the node's own facts
  /// (anchors, peers, serials) that can be read; the statements come from the peers once the node
  /// runs.
  ///
  /// @param dropped prefixes of facts that belong to the old log
  /// @throws LogFailure if a node is using it or the medium fails
  public static Begun beginAnew(Path folder, List<String> dropped, EnvelopeDecoder decoder) {
    SortedMap<String, ByteString> facts = new TreeMap<>();
    Optional<String> lost = Optional.empty();
    if (isEmpty(folder)) {
      throw new LogFailure(
          "there is no log in %s: a node begins one when it is started".formatted(folder));
    }
    Path aside = aside(folder);
    try {
      try (FolderLock _ = FolderLock.acquire(folder)) {
        lost = facts(folder, facts);
      }
      Files.move(folder, aside);
      HeadAnchor.syncNames(folder.toAbsolutePath().resolveSibling(""));
    } catch (IOException e) {
      throw LogFailure.inputOutput(folder, "move", e);
    }
    facts.keySet().removeIf(key -> dropped.stream().anyMatch(key::startsWith));
    try (RocksStatementLog log = RocksStatementLog.open(folder, decoder)) {
      facts.forEach(log::remember);
      log.commit();
    }
    return new Begun(aside, facts.size(), lost);
  }

  private static Optional<String> facts(Path folder, SortedMap<String, ByteString> facts) {
    try (RocksColumns columns =
        RocksColumns.open(
            folder.resolve(LogFolder.DATABASE),
            RocksColumns.Mode.READ_ONLY,
            folder,
            Column.Database.STATEMENTS)) {
      columns.ascending(
          Column.FACTS,
          new byte[0],
          new byte[0],
          (key, value) -> {
            facts.put(key, value);
            return true;
          });
      return Optional.empty();
    } catch (LogFailure e) {
      return Optional.of(LogFailure.reason(e));
    }
  }

  private static Path aside(Path folder) {
    for (int number = 1; ; number++) {
      Path aside = folder.resolveSibling(folder.getFileName() + ".damaged-" + number);
      if (!Files.exists(aside)) {
        return aside;
      }
    }
  }
}
