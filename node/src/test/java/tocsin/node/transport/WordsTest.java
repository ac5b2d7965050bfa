package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void whatSteersATerminalOrALogIsBlanked() {
    assertThat(Words.printable("a\nb\u001b[31mc\u202ed\u2028e\ud800f", 100))
        .isEqualTo("a b [31mc d e f");
    assertThat(Words.printable("Grüße, 東京 🔔", 100)).isEqualTo("Grüße, 東京 🔔");
  }

  @Test
  void cutBetweenCharacters() {
    assertThat(Words.printable("🔔🔔", 7)).isEqualTo("🔔");
    assertThat(Words.printable("abc", 3)).isEqualTo("abc");
    assertThat(Words.printable("abcd", 3)).isEqualTo("abc");
  }

  @Test
  void whatIsPrintedIsPrintable() {
    assertThat(Words.isPrintable(Words.printable("\u0000\u0085\ufeff\ue000x", 100))).isTrue();
    assertThat(Words.isPrintable("a\tb")).isFalse();
  }
}
