package tocsin.node.resolver;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// What the world's own servers say about one name, asked without any cache: what a resolver that
/// forgets everything may come upon, whichever servers it happens to ask.
///
/// @param name what was asked about
/// @param zone the closest zone at or above the name that has servers of its own
/// @param delegations what each server of the parent zone says; those that were silent are missing;
///   empty for the root, and where parent and zone have the same servers
/// @param addresses of each name server in any of the delegations, by its name: glue, or looked up
/// @param authoritative what each of the zone's servers answers, with authority; those that were
///   silent or had none are missing
public record Findings(
    DnsName name,
    DnsName zone,
    List<Delegation> delegations,
    Map<DnsName, List<InetAddress>> addresses,
    List<Authoritative> authoritative) {
  public Findings {
    delegations = List.copyOf(delegations);
    addresses = Map.copyOf(addresses);
    authoritative = List.copyOf(authoritative);
  }

  /// An answer of one of the zone's servers.
  public record Authoritative(InetAddress server, Answer answer) {}

  /// Compares with what should be.
  ///
  /// @param records all records of the name, of the types that count; empty if the records do not
  ///   matter
  /// @param nameServers all name servers of the zone with all their addresses; empty if they do not
  ///   matter
  /// @return empty if a flushed resolver will learn what is right, whichever servers it asks;
  ///   otherwise one sentence of what is still wrong
  public Optional<String> disagreement(
      Collection<CorrectRecord> records, Collection<Statement.NameServer> nameServers) {
    Optional<String> wrongServers =
        nameServers.isEmpty() ? Optional.empty() : wrongNameServers(nameServers);
    if (wrongServers.isPresent()) {
      return wrongServers;
    }
    if (authoritative.isEmpty()) {
      return Optional.of("none of the name servers of " + zone + " answers for it");
    }
    for (Authoritative one : authoritative) {
      if (!records.isEmpty() && isAbout(one, records) && !one.answer().isOf(records)) {
        return Optional.of(
            "the name server "
                + one.server().getHostAddress()
                + " of "
                + zone
                + " answers "
                + one.answer().shown()
                + " for "
                + one.answer().question());
      }
    }
    return Optional.empty();
  }

  private boolean isAbout(Authoritative one, Collection<CorrectRecord> records) {
    return one.answer().question().name().equals(name)
        && records.stream().anyMatch(record -> record.type() == one.answer().question().type());
  }

  private Optional<String> wrongNameServers(Collection<Statement.NameServer> expected) {
    Set<DnsName> names =
        expected.stream()
            .map(Statement.NameServer::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (delegations.isEmpty()) {
      return Optional.of("no server of the parent zone says who serves " + zone);
    }
    for (Delegation delegation : delegations) {
      if (!delegation.nameServers().keySet().equals(names)) {
        return Optional.of(
            "the registry still delegates "
                + zone
                + " to "
                + shown(delegation.nameServers().keySet())
                + " instead of "
                + shown(names));
      }
    }
    for (Statement.NameServer server : expected) {
      Set<InetAddress> right = new HashSet<>();
      server.addresses().forEach(address -> right.add(DnsData.address(address)));
      for (InetAddress actual : addresses.getOrDefault(server.name(), List.of())) {
        if (!right.contains(actual)) {
          return Optional.of(
              "the name server "
                  + server.name()
                  + " of "
                  + zone
                  + " has the address "
                  + actual.getHostAddress()
                  + ", which is not one of its right ones");
        }
      }
    }
    return Optional.empty();
  }

  private static String shown(Collection<DnsName> names) {
    return names.stream().map(DnsName::toString).collect(Collectors.joining(" and "));
  }
}
