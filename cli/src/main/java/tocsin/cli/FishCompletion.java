package tocsin.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A completion script for fish(1), made from the commands themselves; picocli has none.
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();

  private FishCompletion() {}

  static String of(CommandSpec program) {
    FishCompletion completion = new FishCompletion();
    completion.script.append(
        """
        # Completion of tocsin for fish: tocsin completion fish | source
        # True if the words so far, options left out, are these.
        function __tocsin_after
            set -l words
            for word in (commandline -opc)[2..]
                string match -q -- '-*' $word; or set -a words $word
            end
            test "$words" = "$argv"
        end
        # True if they begin with these.
        function __tocsin_within
            set -l words
            for word in (commandline -opc)[2..]
                string match -q -- '-*' $word; or set -a words $word
            end
            string match -q -- "$argv*" "$words"
        end
        """);
    completion.add(program, List.of());
    return completion.script.toString();
  }

  private void add(CommandSpec command, List<String> words) {
    String path = String.join(" ", words);
    for (OptionSpec option : command.options()) {
      // What the whole program takes is told once, for everywhere.
      if (words.isEmpty() || !option.inherited()) {
        option(option, words.isEmpty() ? "" : "__tocsin_within " + path);
      }
    }
    for (CommandLine child : command.subcommands().values()) {
      CommandSpec spec = child.getCommandSpec();
      script.append("complete -c tocsin -f -n ").append(quoted("__tocsin_after " + path));
      script.append(" -a ").append(spec.name());
      script.append(" -d ").append(quoted(first(spec.usageMessage().description()))).append('\n');
      List<String> below = new ArrayList<>(words);
      below.add(spec.name());
      add(spec, below);
    }
  }

  private void option(OptionSpec option, String condition) {
    script.append("complete -c tocsin");
    if (!condition.isEmpty()) {
      script.append(" -n ").append(quoted(condition));
    }
    for (String name : option.names()) {
      if (name.startsWith("--")) {
        script.append(" -l ").append(name.substring(2));
      } else {
        script.append(" -s ").append(name.substring(1));
      }
    }
    if (option.arity().max() > 0) {
      script.append(" -r");
    }
    script.append(" -d ").append(quoted(first(option.description()))).append('\n');
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0].replace("%%", "%").replace("%n", " ");
  }

  private static String quoted(String text) {
    return "'" + text.strip().replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
