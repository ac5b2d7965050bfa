package tocsin.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import tocsin.node.config.Suggestion;

/// What is said of a command line that cannot be understood.
final class Usage {
  /// How picocli says that a word is none of an enum's.
  private static final Pattern CHOICE =
      Pattern.compile(
          "Invalid value for (option '(?<option>[^']+)'.*|positional parameter at index [0-9]+"
              + " \\((?<parameter>[^)]+)\\)): expected one of \\[(?<known>[^]]*)\\]"
              + " \\(case-insensitive\\) but was '(?<given>.*)'");

  private Usage() {}

  static String sentence(ParameterException problem) {
    CommandLine line = problem.getCommandLine();
    String command = line.getCommandSpec().qualifiedName();
    if (problem instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      if (word.startsWith("-")) {
        return "\"" + command + "\" has no option " + word;
      }
      return line.getSubcommands().isEmpty()
          ? "\"" + command + "\" has no use for \"" + word + "\""
          : "there is no command \"" + command + " " + word + "\"";
    }
    String said = String.valueOf(problem.getMessage());
    Matcher choice = CHOICE.matcher(said);
    if (choice.matches()) {
      String option = choice.group("option");
      return (option == null ? choice.group("parameter") : option)
          + " is one of "
          + choice.group("known").toLowerCase(Locale.ROOT)
          + ", not \""
          + choice.group("given")
          + "\"";
    }
    return said.isEmpty() ? said : Character.toLowerCase(said.charAt(0)) + said.substring(1);
  }

  /// What was probably meant, ready to run.
  static Optional<String> meant(ParameterException problem) {
    if (!(problem instanceof UnmatchedArgumentException unmatched)) {
      return Optional.empty();
    }
    CommandLine line = problem.getCommandLine();
    String word = unmatched.getUnmatched().getFirst();
    List<String> known = new ArrayList<>();
    if (word.startsWith("-")) {
      for (OptionSpec option : line.getCommandSpec().options()) {
        known.addAll(List.of(option.names()));
      }
    } else {
      known.addAll(line.getSubcommands().keySet());
    }
    return Suggestion.closest(word, known)
        .map(closest -> line.getCommandSpec().qualifiedName() + " " + closest);
  }
}
