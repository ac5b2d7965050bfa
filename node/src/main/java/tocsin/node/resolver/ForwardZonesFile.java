package tocsin.node.resolver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tocsin.trust.DnsName;

/// The `forward-zones-file` of a PowerDNS Recursor: lines `zone=address;address`. It may have an
/// operator's lines in it; ours end in a mark, and no others are touched.
///
/// @param path of the file
record ForwardZonesFile(Path path) {
  private static final String MARK = " # tocsin";

  /// Puts our line for a zone, or takes it out.
  ///
  /// @param addresses empty: take it out
  /// @return false if nothing had to be changed
  /// @throws ResolverException if the file cannot be changed
  synchronized boolean put(DnsName zone, List<String> addresses) throws ResolverException {
    List<String> before = lines();
    List<String> after = new ArrayList<>();
    for (String line : before) {
      if (!isAbout(zone, line) || !line.endsWith(MARK)) {
        after.add(line);
      }
    }
    if (!addresses.isEmpty()) {
      List<String> servers = addresses.stream().map(ForwardZonesFile::server).toList();
      after.add(key(zone) + "=" + String.join(";", servers) + MARK);
    }
    if (after.equals(before)) {
      return false;
    }
    write(after);
    return true;
  }

  /// Whether it has a line for the zone, and whose.
  enum Line {
    NONE,
    OURS,
    OPERATORS
  }

  Line line(DnsName zone) throws ResolverException {
    Line found = Line.NONE;
    for (String line : lines()) {
      if (isAbout(zone, line)) {
        if (!line.endsWith(MARK)) {
          return Line.OPERATORS;
        }
        found = Line.OURS;
      }
    }
    return found;
  }

  private static boolean isAbout(DnsName zone, String line) {
    return zoneOf(line).filter(key(zone)::equals).isPresent();
  }

  private static String server(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  private static String key(DnsName zone) {
    String text = zone.toString();
    return zone.isRoot() ? text : text.substring(0, text.length() - 1);
  }

  /// The zone that a line is about: `+` and `^` are flags before it.
  private static Optional<String> zoneOf(String line) {
    int end = line.indexOf('=');
    if (end < 0 || line.startsWith("#")) {
      return Optional.empty();
    }
    String zone = line.substring(0, end).strip().toLowerCase(Locale.ROOT);
    zone = zone.replaceAll("^[+^]+", "");
    return Optional.of(
        zone.length() > 1 && zone.endsWith(".") ? zone.substring(0, zone.length() - 1) : zone);
  }

  private List<String> lines() throws ResolverException {
    try {
      return Files.readAllLines(path, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new ResolverException("cannot read " + path + ": " + reason(e), e);
    }
  }

  private void write(List<String> lines) throws ResolverException {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    Path draft = path.resolveSibling("." + path.getFileName() + ".tocsin");
    try {
      try {
        Files.write(draft, text);
        Files.setPosixFilePermissions(draft, Files.getPosixFilePermissions(path));
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
      } catch (AccessDeniedException e) {
        // The folder is the recursor's own and only the file is ours to write.
        overwrite(text);
      } finally {
        deleteDraft(draft);
      }
    } catch (IOException e) {
      throw new ResolverException("cannot write " + path + ": " + reason(e), e);
    }
  }

  /// In its place. The operator's lines come first and stay where they are; if there is no room for
  /// ours, what stood there is put back, which fits.
  private void overwrite(byte[] text) throws IOException {
    byte[] before = Files.readAllBytes(path);
    try {
      putInPlace(text);
    } catch (IOException e) {
      putInPlace(before);
      throw e;
    }
  }

  private void putInPlace(byte[] text) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        int _ = file.write(bytes);
      }
      file.truncate(text.length);
    }
  }

  private static void deleteDraft(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // The folder is not ours: there is no draft in it.
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "this user may not";
      case java.nio.file.NoSuchFileException _ -> "there is no such file";
      default -> UnboundControl.shown(String.valueOf(e.getMessage()));
    };
  }
}
