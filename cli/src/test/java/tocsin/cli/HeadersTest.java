package tocsin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.node.config.SequenceBook.Last;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

class HeadersTest {
  private static final long HOUR = Header.HOUR_MILLIS;
  private static final long NOW = 500_000 * HOUR + 1_000;
  private static final StatementId LOGGED = id("logged");
  private static final StatementId BOOKED = id("booked");

  private static StatementId id(String text) {
    return new StatementId(Sha256.of(ByteString.copyFromUtf8(text)));
  }

  private static Header next(long lifeMillis, Optional<Last> log, Optional<Last> book) {
    return Headers.next(
        NetworkId.named("test"),
        new OrganizationId(Sha256.ZERO),
        new KeyId(Sha256.ZERO),
        NOW,
        lifeMillis,
        log,
        book);
  }

  @Test
  void theFirstOfAKey() {
    Header header = next(HOUR, Optional.empty(), Optional.empty());
    assertThat(header.sequence()).isEqualTo(1);
    assertThat(header.previous()).isEmpty();
    assertThat(header.slotIndex()).isZero();
    assertThat(header.expiresAtMillis()).isEqualTo(NOW + HOUR);
  }

  @Test
  void whicheverKnowsMoreDecides() {
    Optional<Last> older = Optional.of(new Last(4, LOGGED, NOW - 5_000_000, 7));
    Optional<Last> newer = Optional.of(new Last(6, BOOKED, NOW - 4_000_000, 9));
    Header behindLog = next(0, older, newer);
    Header behindBook = next(0, newer, older);
    assertThat(behindLog.sequence()).isEqualTo(7);
    assertThat(behindLog.previous()).contains(BOOKED);
    assertThat(behindBook).isEqualTo(behindLog);
    assertThat(behindLog.expiresAtMillis()).isZero();
  }

  @Test
  void aSlotOfThisHourIsNeverUsedTwice() {
    Optional<Last> log = Optional.of(new Last(8, LOGGED, NOW - 10, 5));
    Optional<Last> book = Optional.of(new Last(7, BOOKED, NOW - 20, 6));
    assertThat(next(0, log, book).slotIndex()).isEqualTo(7);
    Optional<Last> lastHour = Optional.of(new Last(8, LOGGED, NOW - 2_000, 5));
    assertThat(next(0, lastHour, Optional.empty()).slotIndex()).isZero();
  }

  @Test
  void timeDoesNotGoBackForAKey() {
    Optional<Last> book = Optional.of(new Last(3, BOOKED, NOW + HOUR, 2));
    Header header = next(1_000, Optional.empty(), book);
    assertThat(header.issuedAtMillis()).isEqualTo(NOW + HOUR);
    assertThat(header.slotHour()).isEqualTo(500_001);
    assertThat(header.slotIndex()).isEqualTo(3);
    assertThat(header.expiresAtMillis()).isEqualTo(NOW + HOUR + 1_000);
  }
}
