package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What cannot be played is said in one sentence, before anything starts.
class DemoCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --resolvers=djb          | --resolvers is auto, or some of unbound, bind, powerdns, knot and embedded, not "djb"
          --resolvers=unbound,dj   | --resolvers is auto, or some of unbound, bind, powerdns, knot and embedded, not "unbound,dj"
          --nodes=4                | the story needs 5 to 9 nodes, not 4
          --nodes=10               | the story needs 5 to 9 nodes, not 10
          --scenario=slack2021     | there is no scenario "slack2021"; there is checkfree
          """)
  void whatCannotBePlayedIsUsage(String flag, String sentence) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    World world =
        new World(
            Map.of(),
            new BufferedReader(new StringReader("")),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    assertThat(Main.execute(world, "demo", flag)).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("error: " + sentence + "\n");
  }
}
