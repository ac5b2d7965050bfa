package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, from another folder and through a link.
class LauncherIT {
  @TempDir Path folder;

  @Test
  void helpComesFromAnywhereAndLoadsNothingHeavy() throws Exception {
    Path loaded = folder.resolve("classes");
    Launcher launcher =
        Launcher.install(folder)
            .with("TOCSIN_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded + ":none");
    Launcher.Ran ran = launcher.run("--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).startsWith("Usage: tocsin");
    List<String> classes = Files.readAllLines(loaded);
    assertThat(classes).anyMatch(line -> line.startsWith("tocsin.cli.Main "));
    assertThat(classes)
        .noneMatch(line -> line.startsWith("io.grpc."))
        .noneMatch(line -> line.startsWith("io.netty."))
        .noneMatch(line -> line.startsWith("org.rocksdb."))
        .noneMatch(line -> line.startsWith("com.google.protobuf."))
        .noneMatch(line -> line.startsWith("tools.jackson."));
  }

  @Test
  void wordsWithSpacesAndExitCodesPassThrough() throws Exception {
    Launcher launcher = Launcher.install(folder);
    Path node = folder.resolve("a node");
    Launcher.Ran init =
        launcher.run(
            "init",
            "--dir",
            node.toString(),
            "--organization",
            "Bücher & \"Söhne\"",
            "--name",
            "n 1",
            "--listen",
            "127.0.0.1:7401",
            "--yes",
            "-o",
            "json");
    assertThat(init.json().get("config").asString()).isEqualTo(node + "/tocsin.toml");
    assertThat(Files.readString(node.resolve("tocsin.toml"))).contains("name = \"n 1\"");
    Launcher.Ran status = launcher.run("--dir", node.toString(), "status");
    assertThat(status.code()).isEqualTo(4);
    assertThat(status.out()).isEmpty();
    // As it was called, so that it runs as printed.
    assertThat(status.err()).containsPattern("  try: /.*/launcher/bin/tocsin run --dir '");
    assertThat(launcher.run("frobnicate").code()).isEqualTo(2);
  }

  @Test
  void withoutAJdkItSaysWhatIsMissing() throws Exception {
    Launcher launcher =
        Launcher.install(folder).with("PATH", "/nowhere").with("JAVA_HOME", "/nowhere");
    launcher.with("PATH", "/usr/bin:/bin").with("HOME", folder.toString());
    Launcher.Ran ran = launcher.run("--version");
    // Where the usual folders have a JDK 25 it is found; where they have none, it is said.
    if (ran.code() == 0) {
      assertThat(ran.out()).startsWith("tocsin ");
    } else {
      assertThat(ran.err()).startsWith("tocsin: there is no JDK 25 in JAVA_HOME");
    }
  }
}
