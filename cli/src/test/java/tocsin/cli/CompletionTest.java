package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Completion scripts are made from the commands themselves.
class CompletionTest {
  private static String script(String shell) {
    Terminal terminal = new Terminal(Map.of());
    assertThat(terminal.run("", "completion", shell)).isZero();
    return terminal.out();
  }

  @Test
  void ofBashKnowsEveryCommand() {
    assertThat(script("bash")).startsWith("#!").contains("anchor", "--subtree");
    assertThat(script("zsh")).isEqualTo(script("bash"));
  }

  @Test
  void ofFishKnowsEveryCommandAndItsOptions() {
    String fish = script("fish");
    for (Commands command : Commands.values()) {
      assertThat(fish).contains(" -n '__tocsin_after' -a " + command.word() + " -d '");
    }
    assertThat(fish)
        .contains(" -n '__tocsin_after trust anchor' -a add -d '")
        .contains("complete -c tocsin -n '__tocsin_within alert override' -l subtree -d '")
        .contains("complete -c tocsin -s o -l output -r -d '");
    // What the whole program takes is said once.
    assertThat(fish.lines().filter(line -> line.contains(" -l dir "))).hasSize(1);
    // One line for each command and option, and every quote is closed.
    assertThat(fish.lines().filter(line -> line.startsWith("complete")))
        .allSatisfy(line ->
            assertThat(line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2)
                .as(line)
                .isZero());
  }
}
