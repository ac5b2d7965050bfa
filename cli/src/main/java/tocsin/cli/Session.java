package tocsin.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeConfig;
import tocsin.node.config.NodeFolder;

/// One command's life: the folder it is about, the node behind it, and the terminal.
final class Session implements AutoCloseable {
  /// What `init` writes as `control.socket`.
  private static final String USUAL_SOCKET = "control.sock";

  private final World world;
  private final NodeFolder folder;
  private final Path usual;
  private final Output output;
  private final boolean yes;
  private @Nullable NodeConfig config;
  private @Nullable NodeClient node;
  private String shownProgress = "";
  private boolean toldOfMistake;

  /// @param directory the node's folder
  /// @param usual what it is when nobody says anything
  Session(World world, Path directory, Path usual, Format format, boolean yes) {
    this.world = world;
    this.folder = new NodeFolder(directory);
    this.usual = usual;
    this.output = new Output(format, world.out());
    this.yes = yes;
  }

  World world() {
    return world;
  }

  NodeFolder folder() {
    return folder;
  }

  Output output() {
    return output;
  }

  boolean yes() {
    return yes;
  }

  /// For a person, on standard error.
  void tell(String line) {
    world.err().println(Printable.lines(line));
  }

  /// The command as it would be typed for this folder: what is printed to be run must run.
  String command(String words) {
    return folder.directory().equals(usual)
        ? world.program() + " " + words
        : world.program() + " " + words + " --dir " + Words.quoted(folder.directory().toString());
  }

  /// The folder's configuration.
  ///
  /// @throws Failure telling everything that is wrong with it; exit code 3
  NodeConfig config() throws Failure {
    return config(Map.of());
  }

  /// @param flags values from the command line, by key
  NodeConfig config(Map<String, String> flags) throws Failure {
    NodeConfig known = config;
    if (known == null) {
      known = loaded(flags).config();
      config = known;
    }
    return known;
  }

  ConfigFile.Loaded loaded(Map<String, String> flags) throws Failure {
    try {
      return ConfigFile.load(folder, world.environment(), flags);
    } catch (ConfigException e) {
      int count = e.problems().size();
      String what = count == 1 ? "the configuration is wrong" : count + " things are wrong";
      throw new Failure(ExitCode.HALTED, what).listing(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// Where the node listens for commands. A mistake that came into the configuration since the node
  /// was started must not keep its operator from it in an emergency: where a node listens in the
  /// usual place, it is asked all the same.
  private Path socket() throws Failure {
    try {
      return config().control().socket();
    } catch (Failure e) {
      Path usually = folder.directory().resolve(USUAL_SOCKET).toAbsolutePath();
      if (!NodeClient.listens(usually)) {
        throw e;
      }
      if (!toldOfMistake) {
        toldOfMistake = true;
        tell("warning: " + folder.configFile() + " is wrong, and the node runs with an older one");
        tell("  try: " + command("config check"));
      }
      return usually;
    }
  }

  /// The running node.
  ///
  /// @throws Failure with exit code 4 if there is none
  NodeClient node() throws Failure {
    NodeClient known = node;
    if (known == null) {
      known = NodeClient.connect(socket(), this::command);
      node = known;
    }
    return known;
  }

  /// True if a node seems to run on this folder: its socket is there and answers.
  boolean nodeRuns() throws Failure {
    return NodeClient.listens(socket());
  }

  /// How far something long has come: one line that replaces itself, on a terminal only.
  void progress(String line) {
    if (world.interactive() && !line.equals(shownProgress)) {
      world.err().print("\r\u001b[K" + Printable.oneLine(line));
      world.err().flush();
      shownProgress = line;
    }
  }

  void endProgress() {
    if (!shownProgress.isEmpty()) {
      world.err().println();
      shownProgress = "";
    }
  }

  /// Asks a person at the terminal whether this is meant; a script that runs the command means it.
  /// For what can be taken back; what cannot asks by [#confirm].
  ///
  /// @throws Failure with exit code 1 if the answer is another
  void consider(String question, String word) throws Failure {
    if (world.interactive()) {
      confirm(question, word);
    }
  }

  /// Asks a question that only this very word answers.
  ///
  /// @throws Failure with exit code 1 if the answer is another, with 2 if nobody can be asked
  void confirm(String question, String word) throws Failure {
    if (yes) {
      return;
    }
    if (!world.interactive()) {
      throw Failure.usage("this needs a person's yes, and nobody is at the terminal")
          .tryThis("the same with --yes");
    }
    world.err().print(Printable.lines(question) + " Type " + word + " to go on: ");
    world.err().flush();
    if (!line().strip().equals(word)) {
      throw new Failure(ExitCode.FAILED, "nothing was done");
    }
  }

  /// Asks for a line of text.
  ///
  /// @param flag what to give instead, where nobody can be asked
  String ask(String question, String fallback, String flag) throws Failure {
    if (yes || !world.interactive()) {
      if (fallback.isEmpty()) {
        throw Failure.usage("missing " + flag);
      }
      return fallback;
    }
    world.err().print(question + (fallback.isEmpty() ? ": " : " [" + fallback + "]: "));
    world.err().flush();
    String answer = line().strip();
    return answer.isEmpty() ? fallback : answer;
  }

  private String line() throws Failure {
    try {
      String line = world.in().readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot read from the terminal").causedBy(e);
    }
  }

  @Override
  public void close() {
    if (node != null) {
      node.close();
    }
  }
}
