package tocsin.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextValuesTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:7401, 127.0.0.1:7401",
    "[2001:DB8::1]:53, [2001:DB8::1]:53",
    "node.example.net:7353, node.example.net:7353",
    "a_b-c.test.:1, a_b-c.test.:1"
  })
  void readsHostAndPort(String text, String shown) {
    assertThat(HostPort.parse(text)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "127.0.0.1:x",
        "2001:db8::1:53",
        "127.0.0.256:1",
        "1.2.3:1",
        "bad host:1",
        "-a.test:1",
        ":7401",
        "[]:1",
        "a..b:1"
      })
  void refusesWhatIsNoHostAndPort(String text) {
    assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "30s,30,30s", "10m,600,10m", "24h,86400,24h", "2d,172800,2d", "365d,31536000,365d",
    "90s,90,90s", "120s,120,2m", "0s,0,0s", "0d,0,0s", "1d,86400,24h"
  })
  void readsDurations(String text, long seconds, String shown) {
    assertThat(Durations.parse(text).toSeconds()).isEqualTo(seconds);
    assertThat(Durations.show(Durations.parse(text))).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5w", "1.5h", "99999999999s", "9999999999d"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> Durations.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void suggestsTheNearestWord() {
    List<String> known = List.of("override", "flush", "list", "endorse");
    assertThat(Suggestion.closest("overide", known)).contains("override");
    assertThat(Suggestion.closest("lsit", known)).contains("list");
    assertThat(Suggestion.closest("endrose", known)).contains("endorse");
    assertThat(Suggestion.closest("frobnicate", known)).isEmpty();
  }
}
