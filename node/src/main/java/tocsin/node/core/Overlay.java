package tocsin.node.core;

import java.util.List;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.StatementId;

/// The corrected records that resolvers are to serve now: what the RPZ zone is made of.
///
/// @param entries ascending by name, each name once: where several active overrides list a name,
///   the first seen wins
public record Overlay(List<Entry> entries) {
  public static final Overlay EMPTY = new Overlay(List.of());

  public Overlay {
    entries = List.copyOf(entries);
  }

  /// @param subtree the records answer at every name below, too
  /// @param records all the wanted types of the name; never empty
  /// @param ttlSeconds for the lookup zone; the overlay's own TTL is short and fixed
  public record Entry(
      DnsName name,
      boolean subtree,
      List<CorrectRecord> records,
      StatementId alert,
      int ttlSeconds) {
    public Entry {
      records = List.copyOf(records);
    }
  }
}
