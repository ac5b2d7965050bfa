package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.List;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.StatementId;

/// The corrected records that resolvers are to serve now: what the RPZ zone is made of.
///
/// @param entries ascending by name, each name once: where several active overrides list a name,
///   the first seen wins
/// @param triggers rogue data that nobody is to be led to, whatever the name; empty unless the
///   node's policy wants that
public record Overlay(List<Entry> entries, List<Trigger> triggers) {
  public static final Overlay EMPTY = new Overlay(List.of());

  /// A name that belongs to nobody (RFC 6761 section 6.5), under which a node tries whether its
  /// resolvers answer from the overlay at all. Not below `invalid.` or `test.`: unbound answers for
  /// those before it looks at any overlay.
  public static final DnsName CANARY = DnsName.parse("tocsin-canary.example.");

  public Overlay {
    entries = List.copyOf(entries);
    triggers = List.copyOf(triggers);
  }

  public Overlay(List<Entry> entries) {
    this(entries, List.of());
  }

  /// What resolvers are to deny the existence of, for every name that it stands behind.
  public sealed interface Trigger {
    /// Answers with this address in them, and those of name servers at it.
    ///
    /// @param address 4 or 16 bytes
    record Address(ByteString address) implements Trigger {}

    /// Names whose delegation leads through this name server.
    record NameServer(DnsName name) implements Trigger {}
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
