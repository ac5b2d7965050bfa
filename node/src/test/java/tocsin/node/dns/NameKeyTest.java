package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

class NameKeyTest {
  /// The example of RFC 4034 section 6.1, in its order.
  @Test
  void orderIsCanonical() {
    List<String> names =
        List.of(
            "example.",
            "a.example.",
            "yljkjljk.a.example.",
            "Z.a.example.",
            "zABC.a.EXAMPLE.",
            "z.example.",
            "\\001.z.example.",
            "*.z.example.",
            "\\200.z.example.");
    for (int i = 1; i < names.size(); i++) {
      assertThat(Arrays.compareUnsigned(key(names.get(i - 1)), key(names.get(i))))
          .as("%s before %s", names.get(i - 1), names.get(i))
          .isNegative();
    }
  }

  private static byte[] key(String name) {
    return NameKey.of(Texts.name(name));
  }

  @Test
  void orderIsThatOfDnsjavaForAnyBytes() throws Exception {
    Random random = new Random(7);
    List<Name> names = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int label = random.nextInt(4); label >= 0; label--) {
        for (int octet = random.nextInt(3); octet >= 0; octet--) {
          // Few values, so that names share beginnings; among them those that are escaped.
          int value = new int[] {0, 1, 2, 'a', 'A', 'b', '.', 255}[random.nextInt(8)];
          text.append("\\%03d".formatted(value));
        }
        text.append('.');
      }
      names.add(Name.fromString(text.toString()));
    }
    for (Name one : names) {
      for (Name other : names) {
        int expected = Integer.signum(one.compareTo(other));
        int actual = Integer.signum(Arrays.compareUnsigned(NameKey.of(one), NameKey.of(other)));
        assertThat(actual).as("%s against %s", one, other).isEqualTo(expected);
        assertThat(NameKey.encloses(NameKey.of(one), NameKey.of(other), NameKey.of(other).length))
            .as("%s encloses %s", one, other)
            .isEqualTo(other.subdomain(one));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 61})
  void theLongestNamesFit(int lastLabel) throws Exception {
    String label = "\\000".repeat(63);
    Name name =
        Name.fromString(String.join(".", label, label, label, "\\001".repeat(lastLabel - 2)) + ".");
    byte[] key = NameKey.of(name);
    assertThat(key).hasSize(2 * (3 * 63 + lastLabel - 2) + 4);
  }
}
