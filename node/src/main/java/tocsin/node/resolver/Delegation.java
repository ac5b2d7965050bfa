package tocsin.node.resolver;

import java.net.InetAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tocsin.trust.DnsName;

/// What one server of a parent zone says about who serves a zone.
///
/// @param zone the delegated zone
/// @param parentServer who said so
/// @param nameServers names of the zone's name servers, sorted, each with the addresses that came
///   along (glue); empty where none came
public record Delegation(
    DnsName zone, InetAddress parentServer, SequencedMap<DnsName, List<InetAddress>> nameServers) {
  public Delegation {
    LinkedHashMap<DnsName, List<InetAddress>> copy = new LinkedHashMap<>();
    nameServers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> copy.put(entry.getKey(), List.copyOf(entry.getValue())));
    nameServers = Collections.unmodifiableSequencedMap(copy);
  }
}
