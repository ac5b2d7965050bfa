import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Checks or applies google-java-format to each module's sources; see "format" in the root POM.
///
/// Usage: `Format check|apply|skip ROOT`. Exit code 1 if a file is not as the formatter wants it.
class Format {
  public static void main(String[] args) throws IOException {
    String mode = args[0];
    Path root = Path.of(args[1]);
    if (mode.equals("skip")) {
      return;
    }
    // A stamp with the time of the last good check: files older than it need no second look.
    Path stamp = root.resolve("target/formatter/checked");
    long checked = Files.exists(stamp) ? Files.getLastModifiedTime(stamp).toMillis() : 0;
    long now = System.currentTimeMillis();
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    int wrong = 0;
    for (Path file : sources(root)) {
      if (Files.getLastModifiedTime(file).toMillis() < checked) {
        continue;
      }
      String before = Files.readString(file);
      String after;
      try {
        after = formatter.formatSource(
            ImportOrderer.reorderImports(
                RemoveUnusedImports.removeUnusedImports(before), JavaFormatterOptions.Style.GOOGLE));
      } catch (FormatterException e) {
        System.err.println(file + ": " + e.getMessage());
        wrong++;
        continue;
      }
      if (!before.equals(after)) {
        if (mode.equals("apply")) {
          Files.writeString(file, after);
        } else {
          System.err.println(file + ": not formatted; run: mvn -N validate -Dformat=apply");
          wrong++;
        }
      }
    }
    if (wrong > 0) {
      System.exit(1);
    }
    Files.writeString(stamp, mode);
    Files.setLastModifiedTime(stamp, java.nio.file.attribute.FileTime.fromMillis(now));
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .map(module -> module.resolve("src"))
          .filter(Files::isDirectory)
          .flatMap(Format::walk)
          .filter(path -> path.toString().endsWith(".java"))
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> walk(Path folder) {
    try {
      return Files.walk(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
