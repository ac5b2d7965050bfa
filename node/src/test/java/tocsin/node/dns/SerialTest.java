package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialTest {
  @ParameterizedTest
  @CsvSource({
    "1, 0, true",
    "0, 1, false",
    "5, 5, false",
    "0, 4294967295, true",
    "4294967295, 0, false",
    "2147483647, 0, true",
    // Half the circle apart: undefined, so neither is after the other.
    "2147483648, 0, false",
    "0, 2147483648, false",
    "2147483649, 0, false",
    "0, 2147483649, true",
  })
  void orderIsThatOfRfc1982(long one, long other, boolean after) {
    assertThat(new Serial(one).isAfter(new Serial(other))).isEqualTo(after);
  }

  @ParameterizedTest
  @CsvSource({
    // The clock runs: its seconds.
    "1000, 2000, 2000",
    // Two versions in one second, or a clock that stands or goes back: one more.
    "2000, 2000, 2001",
    "2001, 2000, 2002",
    "1793750000, 0, 1793750001",
    // A clock before 1970.
    "7, -5, 8",
    // Past the end of the circle.
    "4294967295, 10, 10",
    "4294967295, 4294967295, 0",
    "4294967290, 4294967306, 10",
  })
  void nextNeverGoesBack(long previous, long unixSeconds, long next) {
    assertThat(Serial.next(new Serial(previous), unixSeconds)).isEqualTo(new Serial(next));
  }

  @Test
  void nextIsAfterWhateverTheClockSays() {
    Serial serial = new Serial(1_793_750_000L);
    long[] clocks = {0, -1, 1_793_750_000L, 1L << 31, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE};
    for (int i = 0; i < 1_000; i++) {
      Serial next = Serial.next(serial, clocks[i % clocks.length] + i);
      assertThat(next.isAfter(serial)).as("%s after %s", next, serial).isTrue();
      serial = next;
    }
  }

  @Test
  void aSerialHas32Bits() {
    assertThatThrownBy(() -> new Serial(1L << 32)).hasMessageContaining("32 bits");
    assertThatThrownBy(() -> new Serial(-1)).hasMessageContaining("32 bits");
  }
}
