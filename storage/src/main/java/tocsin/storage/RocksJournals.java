package tocsin.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A look at the records of RocksDB's write-ahead logs and manifests before RocksDB reads them
/// (https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format: blocks of 32 KiB; a
/// record is a checksum of 4 bytes, a length of 2, a type of 1, and as many bytes).
///
/// RocksDB 10 reads for ever where a damaged header has one of the types that it may pass over and
/// a length beyond the end of the file. Everything else that is wrong it finds by itself.
final class RocksJournals {
  private static final int BLOCK_BYTES = 32_768;
  private static final int HEADER_BYTES = 7;

  /// Zero (nothing was written yet), whole, first, middle, last: other types are those of options
  /// that are not used here.
  private static final int LAST_TYPE = 4;

  private RocksJournals() {}

  /// @param folder RocksDB's own, as told to people in messages as `shown`
  /// @throws LogFailure if a record is of a kind that is never written here
  static void check(Path folder, Path shown) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "{*.log,MANIFEST-*}")) {
      for (Path file : files) {
        checkFile(file, shown);
      }
    } catch (IOException e) {
      throw LogFailure.inputOutput(shown, "read", e);
    }
  }

  private static void checkFile(Path file, Path shown) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] block = in.readNBytes(BLOCK_BYTES);
      for (long begin = 0; block.length > 0; begin += BLOCK_BYTES) {
        checkBlock(ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN), begin, file, shown);
        block = in.readNBytes(BLOCK_BYTES);
      }
    }
  }

  /// Each block begins with a record.
  private static void checkBlock(ByteBuffer block, long begin, Path file, Path shown) {
    int at = 0;
    while (at + HEADER_BYTES <= block.limit()) {
      int length = block.getShort(at + 4) & 0xffff;
      int type = block.get(at + 6) & 0xff;
      if (type > LAST_TYPE) {
        throw LogFailure.damaged(
            shown,
            "%s has a record of an unknown type (%d) at byte %,d"
                .formatted(file.getFileName(), type, begin + at));
      }
      at += HEADER_BYTES + length;
    }
  }
}
