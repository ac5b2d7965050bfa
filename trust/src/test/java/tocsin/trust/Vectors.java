package tocsin.trust;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Golden vectors as text, for implementations in any language: records of "field: value" lines
/// with an empty line between; "#" begins a comment; bytes are in hexadecimal.
final class Vectors {
  private static final Path FOLDER = Path.of("../proto/vectors");

  private Vectors() {}

  record Vector(SortedMap<String, String> fields) {
    String get(String field) {
      String value = fields.get(field);
      if (value == null) {
        throw new IllegalArgumentException("a vector has no " + field + ": " + fields);
      }
      return value;
    }

    ByteString bytes(String field) {
      return ByteString.copyFrom(HexFormat.of().parseHex(get(field)));
    }
  }

  static List<Vector> read(String file) {
    List<Vector> vectors = new ArrayList<>();
    for (String block : text(file).split("\n\n+", -1)) {
      TreeMap<String, String> fields = new TreeMap<>();
      block
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> {
            int colon = line.indexOf(": ");
            fields.put(line.substring(0, colon), line.substring(colon + 2));
          });
      if (!fields.isEmpty()) {
        vectors.add(new Vector(fields));
      }
    }
    return vectors;
  }

  static String text(String file) {
    try {
      return Files.readString(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes the file if the tests run with -Dtocsin.vectors.write: for a deliberate change of
  /// format.
  static void writeIfAsked(String file, String text) {
    if (Boolean.getBoolean("tocsin.vectors.write")) {
      try {
        Files.createDirectories(FOLDER);
        Files.writeString(FOLDER.resolve(file), text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
