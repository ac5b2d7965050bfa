package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.trust.Sha256;

final class UnsignedJarsTest {
  private static final String TYPE = Ed25519.class.getName();

  @TempDir Path folder;

  @Test
  void takesNothingButTheSignaturesOffAJar() throws Exception {
    Path before = signedJar();
    Path jar = folder.resolve("some.jar");
    Files.copy(before, jar);

    UnsignedJars.main(new String[] {folder.toString()});

    SortedMap<String, Sha256> expected = contents(before);
    assertThat(expected.keySet().removeIf(name -> name.matches("META-INF/[^/]*\\.(SF|RSA|DSA)")))
        .isTrue();
    expected.remove(JarFile.MANIFEST_NAME);
    SortedMap<String, Sha256> found = contents(jar);
    found.remove(JarFile.MANIFEST_NAME);
    assertThat(found).isEqualTo(expected);
    try (JarFile was = new JarFile(before.toFile());
        JarFile is = new JarFile(jar.toFile())) {
      assertThat(is.getManifest().getMainAttributes())
          .isEqualTo(was.getManifest().getMainAttributes());
      assertThat(is.getManifest().getEntries()).isEmpty();
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      Class<?> type = loader.loadClass(TYPE);
      assertThat(type.getSigners()).isNull();
      assertThat(type.getProtectionDomain().getCodeSource().getCertificates()).isNull();
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(jar);
    }
  }

  @Test
  void leavesAJarWithoutSignaturesAlone() throws Exception {
    Path jar = folder.resolve("some.jar");
    Files.copy(signedJar(), jar);
    UnsignedJars.unsign(jar);
    FileTime written = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(jar, written);

    UnsignedJars.unsign(jar);

    assertThat(Files.getLastModifiedTime(jar)).isEqualTo(written);
  }

  private static Path signedJar() throws URISyntaxException {
    return Path.of(Ed25519.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static SortedMap<String, Sha256> contents(Path jar) throws IOException {
    SortedMap<String, Sha256> contents = new TreeMap<>();
    try (JarFile file = new JarFile(jar.toFile(), false)) {
      for (JarEntry entry : file.stream().toList()) {
        contents.put(entry.getName(), Sha256.of(ByteString.readFrom(file.getInputStream(entry))));
      }
    }
    return contents;
  }
}
