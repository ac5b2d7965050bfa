package tocsin.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.cli.demo.CannotPlay;
import tocsin.cli.demo.Casting;
import tocsin.cli.demo.Demo;
import tocsin.cli.demo.Elsewhere;
import tocsin.cli.demo.Figures;
import tocsin.cli.demo.Init;
import tocsin.cli.demo.Screen;
import tocsin.node.config.NodeConfig;

@Command(
    name = "demo",
    description = {
      "Replay the hijack of CheckFree in 2008 on this machine.",
      "",
      "Nodes of five organizations and real resolvers, where there are any, start on loopback;",
      "a domain is hijacked, corrected by an alert, attacked once more, repaired and flushed.",
      "No root, no network and no configuration are needed; nothing is left behind."
    },
    footer = {
      "",
      "The exit code is 0 only if every step was seen.",
      "",
      "Examples:",
      "  tocsin demo",
      "  tocsin demo --resolvers unbound,bind,powerdns,knot",
      "  tocsin demo --resolvers embedded",
      "  tocsin demo -o json"
    })
final class DemoCommand extends Action {
  @Option(names = "--nodes", paramLabel = "N", description = "How many nodes, 5 to 9 (default: 5).")
  int nodes = 5;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "Which story: checkfree (default).")
  String scenario = "checkfree";

  @Option(
      names = "--resolvers",
      paramLabel = "KIND",
      split = ",",
      description =
          "auto, or some of unbound, bind, powerdns, knot and embedded (default: auto, which takes"
              + " all that are installed and can live).")
  List<String> resolvers = new ArrayList<>(List.of("auto"));

  @Option(names = "--keep", description = "Leave the nodes' folders, and say where they are.")
  boolean keep;

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Casting casting = casting();
    if (!casting.within().isEmpty()) {
      return elsewhere(session, casting);
    }
    if (program().debug) {
      Logs.configure(NodeConfig.Level.DEBUG);
    }
    Figures figures = new Demo(casting, DemoCommand::init, screen(session), keep).play();
    session.output().one(figures.fields(), () -> "");
    return figures.ok() ? ExitCode.OK : ExitCode.FAILED;
  }

  private Casting casting() throws Failure {
    try {
      return Casting.of(nodes, scenario, resolvers);
    } catch (CannotPlay e) {
      Failure failure =
          new Failure(
              e.isUsage() ? ExitCode.USAGE : ExitCode.FAILED, String.valueOf(e.getMessage()));
      throw e.attempt().isEmpty() ? failure : failure.tryThis(e.attempt());
    }
  }

  /// The story is data where people are to read it; where scripts are, it is progress.
  private Screen screen(Session session) {
    World world = session.world();
    boolean table = session.output().format() == Format.TABLE;
    return new Screen(
        table ? world.out() : world.err(), table && colours(world), table && world.interactive());
  }

  private boolean colours(World world) {
    Map<String, String> environment = world.environment();
    return switch (program().color) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          world.interactive()
              && environment.getOrDefault("NO_COLOR", "").isEmpty()
              && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    };
  }

  private Tocsin program() {
    if (spec != null && spec.root().userObject() instanceof Tocsin program) {
      return program;
    }
    throw new IllegalStateException("a command runs from the command line only");
  }

  static void init(tocsin.node.config.NodeFolder folder, Init.Answers answers)
      throws tocsin.node.config.KeyFileException {
    Founding.found(
        folder,
        new Founding.Answers(
            answers.organization(),
            answers.name(),
            answers.network(),
            answers.listen(),
            Optional.of(answers.listen()),
            answers.dns(),
            answers.peers(),
            List.of()),
        Optional.empty(),
        System.currentTimeMillis());
  }

  private ExitCode elsewhere(Session session, Casting casting)
      throws Failure, InterruptedException {
    session.tell(casting.why());
    List<String> words =
        new ArrayList<>(
            List.of(
                "demo",
                "--resolvers",
                casting.resolvers(),
                "--nodes",
                Integer.toString(nodes),
                "--scenario",
                scenario,
                "--output",
                session.output().format().toString(),
                "--color",
                program().color.toString()));
    if (keep) {
      words.add("--keep");
    }
    if (program().debug) {
      words.add("--debug");
    }
    try {
      int code = Elsewhere.run(casting.within(), Main.class.getName(), words);
      for (ExitCode each : ExitCode.values()) {
        if (each.number() == code) {
          return each;
        }
      }
      throw new Failure(ExitCode.FAILED, "the replay in a private network ended with " + code);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot start the replay in a private network")
          .because(String.valueOf(e.getMessage()))
          .tryThis("tocsin demo --resolvers embedded")
          .causedBy(e);
    }
  }
}
