package tocsin.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tocsin.cli.demo.Folder;
import tocsin.node.Node;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeFolder;

/// Runs the program once through its usual paths, with a node on loopback, so that the JVM can
/// write down the classes that they load (class data sharing, JEP 350): the launcher does this
/// after each build. Nothing of it is seen, and nothing is left behind.
public final class Rehearsal {
  private final World world;
  private final Path folder;

  private Rehearsal(World world, Path folder) {
    this.world = world;
    this.folder = folder;
  }

  public static void main(String[] arguments)
      throws IOException, ConfigException, InterruptedException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    World world =
        new World(Map.of(), new BufferedReader(new StringReader("")), nowhere, nowhere, false);
    try (Folder folder = Folder.in(Folder.temporary(), "tocsin-rehearsal")) {
      new Rehearsal(world, folder.path().resolve("node")).play();
    }
    // The node's threads are not waited for; the archive is written at exit.
    System.exit(0);
  }

  private void play() throws IOException, ConfigException, InterruptedException {
    Main.execute(world, "--help");
    Main.execute(world, "alert", "--help");
    command(
        "init",
        "--organization",
        "R",
        "--name",
        "r",
        "--network",
        "rehearsal",
        "--listen",
        "127.0.0.1:" + FreePort.find(),
        "--dns",
        "127.0.0.1:" + FreePort.find(),
        "--yes");
    command("status");
    command("config", "show", "-o", "json");
    try (Node node =
        Node.open(ConfigFile.load(new NodeFolder(folder), Map.of(), Map.of()).config())) {
      boolean _ = node.start();
      command("status");
      command("status", "-o", "json");
      command("alert", "override", "www.bank.test", "--record", "A 192.0.2.10", "--yes");
      command("alert", "list", "-o", "json");
      command("org", "card");
      command("trust", "explain", "r");
      command("log", "verify");
    }
  }

  private void command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--dir", folder.toString()));
    Main.execute(world, all.toArray(String[]::new));
  }
}
