package tocsin.cli;

import java.util.Optional;
import tocsin.node.config.SequenceBook.Last;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// The header of a key's next statement, from all that is known of its last one.
final class Headers {
  private Headers() {}

  /// A statement of the same key never repeats a number or a slot, and is never dated before the
  /// one before it, whichever of the sources is behind.
  ///
  /// @param fromLog the key's last statement as a node or its folder knows it
  /// @param fromBook as the book beside the key knows it
  /// @param lifeMillis 0: does not expire
  static Header next(
      NetworkId network,
      OrganizationId issuer,
      KeyId key,
      long nowMillis,
      long lifeMillis,
      Optional<Last> fromLog,
      Optional<Last> fromBook) {
    Optional<Last> last = later(fromLog, fromBook);
    long issued = nowMillis;
    for (Optional<Last> known : java.util.List.of(fromLog, fromBook)) {
      issued = Math.max(issued, known.map(Last::issuedAtMillis).orElse(0L));
    }
    long hour = issued / Header.HOUR_MILLIS;
    int slot = Math.max(nextSlot(hour, fromLog), nextSlot(hour, fromBook));
    long sequence = last.map(Last::sequence).orElse(0L) + 1;
    Optional<StatementId> previous = last.map(Last::statement);
    return new Header(
        network,
        Optional.of(issuer),
        key,
        sequence,
        previous,
        issued,
        lifeMillis == 0 ? 0 : issued + lifeMillis,
        hour,
        slot);
  }

  private static Optional<Last> later(Optional<Last> fromLog, Optional<Last> fromBook) {
    if (fromLog.isEmpty()) {
      return fromBook;
    }
    boolean bookIsAhead =
        fromBook.isPresent() && fromBook.get().sequence() > fromLog.get().sequence();
    return bookIsAhead ? fromBook : fromLog;
  }

  private static int nextSlot(long hour, Optional<Last> last) {
    return last.filter(known -> known.issuedAtMillis() / Header.HOUR_MILLIS == hour)
        .map(known -> known.slotIndex() + 1)
        .orElse(0);
  }
}
