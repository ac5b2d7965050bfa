package tocsin.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;

/// Runs the program once through its usual paths, so that the JVM can write down the classes that
/// they load (class data sharing, JEP 350): the launcher does this after each build. Nothing of it
/// is seen, and nothing is left behind.
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("tocsin-rehearsal");
    try {
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      World world =
          new World(Map.of(), new BufferedReader(new StringReader("")), nowhere, nowhere, false);
      String dir = folder.resolve("node").toString();
      Main.execute(world, "--help");
      Main.execute(world, "alert", "--help");
      Main.execute(world, "init", "--dir", dir, "--organization", "R", "--name", "r", "--yes");
      Main.execute(world, "config", "show", "--dir", dir, "-o", "json");
      Main.execute(world, "status", "--dir", dir, "-o", "json");
      Main.execute(
          world,
          "alert",
          "override",
          "www.bank.test",
          "--record",
          "A 192.0.2.10",
          "--yes",
          "-o",
          "json",
          "--dir",
          dir,
          "--offline",
          folder.resolve("statement").toString());
    } finally {
      try (var files = Files.walk(folder)) {
        for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }
}
