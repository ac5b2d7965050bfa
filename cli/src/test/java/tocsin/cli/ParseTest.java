package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Operators' scripts rely on names of commands and flags: `interfaces.txt` holds them, and each
/// must go on being understood.
class ParseTest {
  @Test
  void everyFixedCommandLineIsUnderstood() throws IOException {
    List<String> lines = lines();
    assertThat(lines).hasSizeGreaterThan(40);
    for (String line : lines) {
      CommandLine commands =
          Main.commandLine(
              new World(Map.of(), nobody(), System.out, System.err, false), Optional.empty());
      String[] words = CommandWords.split(line.substring("tocsin ".length()));
      assertThatCode(() -> commands.parseArgs(words)).as(line).doesNotThrowAnyException();
      CommandLine last = commands;
      for (CommandLine.ParseResult result = commands.getParseResult();
          result != null;
          result = result.hasSubcommand() ? result.subcommand() : null) {
        last = result.commandSpec().commandLine();
      }
      assertThat(last.getCommandSpec().userObject()).as(line).isInstanceOf(Action.class);
    }
  }

  @Test
  void everyCommandHasHelpWithAnExample() {
    List<String> without = new ArrayList<>();
    CommandLine root =
        Main.commandLine(
            new World(Map.of(), nobody(), System.out, System.err, false), Optional.empty());
    collect(root, without);
    assertThat(without).isEmpty();
  }

  private static void collect(CommandLine command, List<String> without) {
    String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    boolean dull = command.getCommandSpec().usageMessage().description().length == 0;
    if (dull || !help.contains("Examples:")) {
      without.add(command.getCommandSpec().qualifiedName());
    }
    for (CommandLine each : command.getSubcommands().values()) {
      collect(each, without);
    }
  }

  private static BufferedReader nobody() {
    return new BufferedReader(Reader.nullReader());
  }

  private static List<String> lines() throws IOException {
    try (InputStream in = ParseTest.class.getResourceAsStream("interfaces.txt")) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("tocsin "))
          .toList();
    }
  }
}
