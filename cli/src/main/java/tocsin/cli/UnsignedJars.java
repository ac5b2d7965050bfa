package tocsin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// Takes the signatures off the jars in a folder: the launcher does this after each build. Nobody
/// says whose signatures they should be, so that they protect from nothing; but a class of a signed
/// jar is compared with a manifest of thousands of lines by each program that loads it, and is
/// never put into the archive of classes. The build has compared the jars themselves with what the
/// repository says of them.
public final class UnsignedJars {
  private static final List<String> SIGNATURES = List.of(".SF", ".RSA", ".DSA", ".EC");

  private UnsignedJars() {}

  /// @param arguments the folder
  public static void main(String[] arguments) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(Path.of(arguments[0]), "*.jar")) {
      for (Path jar : jars) {
        unsign(jar);
      }
    }
  }

  /// Leaves a jar without signatures as it is; else there is the old one or the new one, whole.
  static void unsign(Path jar) throws IOException {
    try (JarFile signed = new JarFile(jar.toFile(), false)) {
      if (signed.stream().noneMatch(UnsignedJars::isSignature)) {
        return;
      }
      Path unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
      try (OutputStream file = Files.newOutputStream(unsigned)) {
        copy(signed, file);
      }
      Files.move(unsigned, jar, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void copy(JarFile signed, OutputStream file) throws IOException {
    Manifest manifest = signed.getManifest();
    // What it says of single files are their hashes.
    manifest.getEntries().clear();
    try (JarOutputStream out = new JarOutputStream(file, manifest)) {
      for (ZipEntry entry : signed.stream().toList()) {
        if (isSignature(entry) || entry.getName().equals(JarFile.MANIFEST_NAME)) {
          continue;
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        try (InputStream content = signed.getInputStream(entry)) {
          content.transferTo(out);
        }
        out.closeEntry();
      }
    }
  }

  private static boolean isSignature(ZipEntry entry) {
    String name = entry.getName().toUpperCase(Locale.ROOT);
    return name.startsWith("META-INF/")
        && name.indexOf('/', "META-INF/".length()) < 0
        && SIGNATURES.stream().anyMatch(name::endsWith);
  }
}
