package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A disk that keeps no byte that was not synced: it is told the system calls of a process, one
/// after the other, and can be crashed after each.
///
/// What a file holds is durable by fsync or fdatasync of the file, that a name stands in a folder
/// by fsync of the folder, as POSIX has it; a file system may keep more (`Names.KEPT`), and then
/// the names of files are there whose bytes are not.
final class CrashedDisk {
  /// The calls that change files; those of a process that writes in another way are not understood.
  static final String CALLS =
      "open,openat,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,ftruncate,link,linkat";

  private static final Pattern DESCRIPTOR = Pattern.compile("^(\\d+)<([^>]*)>");
  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern RESULT = Pattern.compile("\\) += (\\d+)(?:<[^>]*>)?[^)]*$");

  enum Names {
    /// Only those that were synced with their folder.
    SYNCED,
    /// All, though the bytes behind them are gone.
    KEPT
  }

  private static final class File {
    final boolean folder;
    byte[] bytes = {};
    byte[] synced = {};
    long position;
    Map<String, File> names = new TreeMap<>();
    Map<String, File> syncedNames = new TreeMap<>();

    File(boolean folder) {
      this.folder = folder;
    }
  }

  private final Path base;
  private final File root = new File(true);
  private final Map<Integer, File> open = new TreeMap<>();
  private final StringBuilder said = new StringBuilder();

  /// @param base an empty folder, in which the processes work
  CrashedDisk(Path base) {
    this.base = base;
  }

  /// A new process begins: none of its files is open.
  void process() {
    open.clear();
  }

  /// What the processes have written to standard output.
  String said() {
    return said.toString();
  }

  /// Applies a call. True if it did anything to this disk.
  boolean apply(SystemCalls.Call call) {
    if (!call.succeeded()) {
      return false;
    }
    return switch (call.name()) {
      case "open", "openat", "creat" -> opened(call);
      case "write", "pwrite64" -> written(call);
      case "fsync", "fdatasync" -> synced(call);
      case "ftruncate" -> truncated(call);
      case "mkdir", "mkdirat" -> {
        Path path = text(call, 0);
        yield isHere(path) && put(path, new File(true));
      }
      case "rename", "renameat", "renameat2" -> {
        Path from = text(call, 0);
        Optional<File> moved =
            isHere(from)
                ? Optional.ofNullable(folder(from).names.remove(name(from)))
                : Optional.empty();
        yield moved.isPresent() && put(text(call, 1), moved.get());
      }
      case "unlink", "unlinkat", "rmdir" -> {
        Path path = text(call, 0);
        yield isHere(path) && folder(path).names.remove(name(path)) != null;
      }
      default -> {
        assertThat(call.rest()).as(call.name()).doesNotContain(base.toString());
        yield false;
      }
    };
  }

  private boolean opened(SystemCalls.Call call) {
    Path path = text(call, 0);
    if (!isHere(path)) {
      return false;
    }
    Optional<File> found = find(path);
    File file = found.orElseGet(() -> new File(false));
    boolean changed = false;
    if (found.isEmpty()) {
      assertThat(call.rest()).contains("O_CREAT");
      changed = put(path, file);
    } else if (call.rest().contains("O_TRUNC")) {
      file.bytes = new byte[0];
      changed = true;
    }
    file.position = call.rest().contains("O_APPEND") ? file.bytes.length : 0;
    open.put(result(call), file);
    return changed;
  }

  private boolean written(SystemCalls.Call call) {
    Matcher descriptor = DESCRIPTOR.matcher(call.rest());
    assertThat(descriptor.find()).as(call.rest()).isTrue();
    int number = Integer.parseInt(descriptor.group(1));
    if (number == 1) {
      said.append(new String(bytes(call), StandardCharsets.US_ASCII));
      return false;
    }
    Optional<File> written = opened(descriptor);
    if (written.isEmpty()) {
      return false;
    }
    File file = written.get();
    byte[] bytes = Arrays.copyOf(bytes(call), result(call));
    long at = file.position;
    if (call.name().equals("pwrite64")) {
      String arguments = call.rest().substring(0, call.rest().lastIndexOf(") "));
      at = Long.parseLong(arguments.substring(arguments.lastIndexOf(", ") + 2));
    } else {
      file.position += bytes.length;
    }
    int end = (int) at + bytes.length;
    // The bytes before stay as they are for those who remember them as synced.
    file.bytes = Arrays.copyOf(file.bytes, Math.max(file.bytes.length, end));
    System.arraycopy(bytes, 0, file.bytes, (int) at, bytes.length);
    return true;
  }

  /// The file behind a descriptor; empty if it stands elsewhere.
  private Optional<File> opened(Matcher descriptor) {
    return isHere(path(descriptor.group(2)))
        ? Optional.ofNullable(open.get(Integer.parseInt(descriptor.group(1))))
        : Optional.empty();
  }

  private boolean truncated(SystemCalls.Call call) {
    Matcher descriptor = DESCRIPTOR.matcher(call.rest());
    assertThat(descriptor.find()).as(call.rest()).isTrue();
    Optional<File> file = opened(descriptor);
    if (file.isPresent()) {
      String arguments = call.rest().substring(0, call.rest().lastIndexOf(") "));
      int size = Integer.parseInt(arguments.substring(arguments.lastIndexOf(", ") + 2));
      file.get().bytes = Arrays.copyOf(file.get().bytes, size);
    }
    return file.isPresent();
  }

  private boolean synced(SystemCalls.Call call) {
    Matcher descriptor = DESCRIPTOR.matcher(call.rest());
    assertThat(descriptor.find()).as(call.rest()).isTrue();
    Path path = path(descriptor.group(2));
    if (path.equals(base)) {
      root.syncedNames = new TreeMap<>(root.names);
      return true;
    }
    // A folder is opened to be read, which is no call that changes anything: it is found by name.
    Optional<File> folder = isHere(path) ? find(path).filter(it -> it.folder) : Optional.empty();
    Optional<File> file = folder.isPresent() ? folder : opened(descriptor);
    file.ifPresent(it -> {
      it.synced = it.bytes;
      it.syncedNames = new TreeMap<>(it.names);
    });
    return file.isPresent();
  }

  /// Writes what is left after a crash at this moment into an empty folder.
  void crash(Path to, Names names) throws IOException {
    crash(root, to, names);
  }

  private static void crash(File folder, Path to, Names names) throws IOException {
    Files.createDirectories(to);
    Map<String, File> left =
        switch (names) {
          case SYNCED -> folder.syncedNames;
          case KEPT -> folder.names;
        };
    for (Map.Entry<String, File> one : left.entrySet()) {
      if (one.getValue().folder) {
        crash(one.getValue(), to.resolve(one.getKey()), names);
      } else {
        Files.write(to.resolve(one.getKey()), one.getValue().synced);
      }
    }
  }

  private boolean isHere(Path path) {
    return path.startsWith(base) && !path.equals(base);
  }

  private boolean put(Path path, File file) {
    folder(path).names.put(name(path), file);
    return true;
  }

  private File folder(Path path) {
    Path folder = path.resolveSibling("");
    return folder.equals(base) ? root : find(folder).orElseThrow();
  }

  private Optional<File> find(Path path) {
    Optional<File> at = Optional.of(root);
    for (Path part : base.relativize(path)) {
      at = at.map(it -> it.names.get(part.toString()));
    }
    return at;
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static int result(SystemCalls.Call call) {
    Matcher result = RESULT.matcher(call.rest());
    assertThat(result.find()).as("result of " + call.name()).isTrue();
    return Integer.parseInt(result.group(1));
  }

  /// strace writes the paths of descriptors in hexadecimal as well.
  private static Path path(String shown) {
    return Path.of(
        shown.startsWith("\\x") ? new String(decoded(shown), StandardCharsets.UTF_8) : shown);
  }

  private static Path text(SystemCalls.Call call, int number) {
    Matcher text = TEXT.matcher(call.rest());
    for (int i = 0; i <= number; i++) {
      assertThat(text.find()).as(call.name() + call.rest()).isTrue();
    }
    return Path.of(new String(decoded(text.group(1)), StandardCharsets.UTF_8)).normalize();
  }

  private static byte[] bytes(SystemCalls.Call call) {
    int from = call.rest().indexOf('"') + 1;
    int to = call.rest().lastIndexOf('"');
    assertThat(call.rest().substring(to)).as("all bytes of " + call.name()).startsWith("\",");
    return decoded(call.rest().substring(from, to));
  }

  /// Each byte stands as \x and two digits.
  private static byte[] decoded(String text) {
    byte[] bytes = new byte[text.length() / 4];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] =
          (byte)
              (Character.digit(text.charAt(4 * i + 2), 16) << 4
                  | Character.digit(text.charAt(4 * i + 3), 16));
    }
    return bytes;
  }
}
