package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast.Org;

class NamesForPeopleTest {
  private final Envelopes envelopes = new Envelopes(new Signatures());
  private final Org org = new Org("Example ISP");

  private Envelope next(Org of) {
    return of.root.say(
        Cast.profile(
            of.root.header(Optional.of(of.id), Cast.NOW, 0),
            2,
            of.name,
            List.of(of.root.key),
            1,
            List.of()));
  }

  @Test
  void aCardCarriesTheProfile() {
    for (Card card :
        List.of(new Card(List.of(org.profile)), new Card(List.of(org.profile, next(org))))) {
      assertThat(card.text()).startsWith("tocsin-card1:").doesNotContainAnyWhitespaces();
      assertThat(Card.parse(" " + card.text() + "\n", envelopes))
          .isEqualTo(new Card.Parsed.Good(card));
      assertThat(card.organization()).isEqualTo(org.id);
    }
    assertThat(new Card(List.of(org.profile, next(org))).profile().version()).isEqualTo(2);
  }

  @Test
  void everyMistypedCharacterIsNoticed() {
    String text = new Card(List.of(org.profile)).text();
    for (int i = 0; i < text.length(); i++) {
      char other = text.charAt(i) == 'A' ? 'B' : 'A';
      String wrong = text.substring(0, i) + other + text.substring(i + 1);
      assertThat(Card.parse(wrong, envelopes)).isInstanceOf(Card.Parsed.Bad.class);
      assertThat(Card.parse(text.substring(0, i), envelopes)).isInstanceOf(Card.Parsed.Bad.class);
    }
  }

  @Test
  void aCardIsOfOneOrganizationWithoutGaps() {
    Org other = new Org("Other");
    assertThatThrownBy(() -> new Card(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Card(List.of(next(org))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Card(List.of(org.profile, next(other))))
        .isInstanceOf(IllegalArgumentException.class);
    Org thief = new Org("Thief");
    Envelope stolen =
        thief.root.say(
            Cast.profile(
                thief.root.header(Optional.of(org.id), Cast.NOW, 0),
                2,
                "Thief",
                List.of(thief.root.key),
                1,
                List.of()));
    assertThatThrownBy(() -> new Card(List.of(org.profile, stolen)))
        .hasMessageContaining("too few root keys");
  }

  @Test
  void shortIdsCatchSlips() {
    ShortId id = ShortId.of(org.id);
    String text = id.toString();
    assertThat(text).matches("org-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{2}");
    assertThat(ShortId.parse(text)).contains(id);
    assertThat(ShortId.parse(text.toUpperCase(java.util.Locale.ROOT))).contains(id);
    assertThat(ShortId.parse("org-" + text.substring(4).replace("-", ""))).contains(id);
    assertThat(id.matches(org.id.hash())).isTrue();
    assertThat(id.matches(org.profile.signers().getFirst().id().hash())).isFalse();
    assertThat(ShortId.parse("key" + text.substring(3))).isEmpty();
    int undetected = 0;
    for (int i = 4; i < text.length(); i++) {
      for (char c : "0123456789abcdefghjkmnpqrstvwxyz".toCharArray()) {
        String wrong = text.substring(0, i) + c + text.substring(i + 1);
        if (c != text.charAt(i) && text.charAt(i) != '-' && ShortId.parse(wrong).isPresent()) {
          undetected++;
        }
      }
    }
    assertThat(undetected).as("of 434 single slips, one in 1,024 is expected").isLessThan(5);
  }
}
