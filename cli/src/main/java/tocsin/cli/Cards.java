package tocsin.cli;

import java.util.List;
import java.util.Optional;
import tocsin.trust.Card;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Signatures;

/// Cards, as they are pasted into a command.
final class Cards {
  private Cards() {}

  /// Empty if the text does not look like a card at all.
  ///
  /// @throws Failure of usage, if it does, and is damaged
  static Optional<Organizations.Meant> read(String text) throws Failure {
    if (!Card.isCard(text)) {
      return Optional.empty();
    }
    return switch (Card.parse(text, new Envelopes(new Signatures()))) {
      case Card.Parsed.Good(Card card) ->
          Optional.of(new Organizations.Meant(card.organization(), card.profiles()));
      case Card.Parsed.Bad(String reason) -> throw Failure.usage(reason);
    };
  }

  static String of(List<Envelope> profiles) {
    return new Card(profiles).text();
  }
}
