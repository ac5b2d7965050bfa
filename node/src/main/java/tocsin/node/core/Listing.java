package tocsin.node.core;

import java.util.List;
import java.util.Optional;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.StatementId;

/// One alert as the lookup zone and the consumer interface show it.
///
/// @param override true for an override, false for a flush
/// @param nameServersCorrected true if the override also corrects name servers
/// @param state the incident state's word: "active", "resolved", ...
/// @param submitter the organization's id or local pet name
/// @param records of an active override; else empty
public record Listing(
    StatementId alert,
    Optional<StatementId> incident,
    List<DnsName> names,
    boolean subtree,
    boolean override,
    boolean nameServersCorrected,
    String state,
    String submitter,
    long expiresAtMillis,
    List<CorrectRecord> records,
    int ttlSeconds) {
  public Listing {
    names = List.copyOf(names);
    records = List.copyOf(records);
  }
}
