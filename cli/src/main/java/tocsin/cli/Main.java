package tocsin.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// What an operator types comes in here.
public final class Main {
  /// Options of the whole program that take a value as the next word.
  private static final List<String> WITH_VALUE = List.of("--dir", "-o", "--output", "--color");

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(execute(World.real(), arguments));
  }

  /// One run of the program.
  ///
  /// @return the exit code
  static int execute(World world, String... arguments) {
    String first = firstWord(arguments);
    CommandLine line = commandLine(world, Optional.of(first));
    if (arguments.length == 0) {
      line.usage(world.err());
      return ExitCode.USAGE.number();
    }
    return line.execute(arguments);
  }

  /// The commands. Where `only` names one, just that one is complete, and of the others there is no
  /// more than name and summary.
  static CommandLine commandLine(World world, Optional<String> only) {
    CommandLine line = new CommandLine(new Tocsin(world));
    for (Commands command : Commands.values()) {
      boolean wanted = only.isEmpty() || only.get().equals(command.word());
      CommandSpec spec =
          wanted ? CommandSpec.forAnnotatedObject(command.make()) : CommandSpec.create();
      spec.usageMessage().description(command.summary());
      line.addSubcommand(command.word(), new CommandLine(spec));
    }
    inOwnOrder(line);
    Ansi ansi = colors(world);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(100);
    line.setOut(new PrintWriter(world.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(world.err(), true, StandardCharsets.UTF_8));
    line.getCommandSpec().versionProvider(() -> new String[] {"tocsin " + Version.text()});
    line.setParameterExceptionHandler((problem, words) -> misused(world, problem));
    line.setExecutionExceptionHandler((problem, of, result) -> failed(world, problem, result));
    return line;
  }

  /// A command's own options first, those of the whole program last.
  private static void inOwnOrder(CommandLine line) {
    line.getCommandSpec().usageMessage().sortOptions(false).sortSynopsis(false);
    line.getSubcommands().values().forEach(Main::inOwnOrder);
  }

  private static String firstWord(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (WITH_VALUE.contains(arguments[i])) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return arguments[i];
      }
    }
    return "";
  }

  private static Ansi colors(World world) {
    Map<String, String> environment = world.environment();
    boolean off =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb")
            || !world.interactive();
    return off ? Ansi.OFF : Ansi.ON;
  }

  private static int misused(World world, ParameterException problem) {
    CommandLine line = problem.getCommandLine();
    Failure failure = Failure.usage(Usage.sentence(problem));
    Optional<String> meant = Usage.meant(problem);
    failure =
        failure.tryThis(meant.orElseGet(() -> line.getCommandSpec().qualifiedName() + " --help"));
    world.err().println(failure.told(world.program()));
    if (line.getCommandSpec().userObject() instanceof Group) {
      List<String> verbs = new ArrayList<>(line.getSubcommands().keySet());
      world.err().println("  verbs: " + String.join(", ", verbs));
    }
    return ExitCode.USAGE.number();
  }

  private static int failed(World world, Exception problem, ParseResult result) {
    boolean debug = Arrays.asList(result.originalArgs().toArray()).contains("--debug");
    Failure failure =
        problem instanceof Failure known
            ? known
            : new Failure(ExitCode.FAILED, "this is a mistake in tocsin: " + problem)
                .tryThis("the same with --debug, and a report of what it shows");
    world.err().println(failure.told(world.program()));
    if (debug) {
      problem.printStackTrace(world.err());
    }
    return failure.code().number();
  }
}
