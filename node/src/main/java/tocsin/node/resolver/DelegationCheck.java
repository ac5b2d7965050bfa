package tocsin.node.resolver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.xbill.DNS.Type;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// Our own uncached look at the world: from the root down to a name, asking *all* servers of the
/// last two zones, since a flushed resolver may ask any of them.
///
/// Run before the closing flush of an incident: flushing earlier fetches the lie again, with a
/// fresh TTL. Nothing is kept between two looks.
public final class DelegationCheck {
  private final RootHints hints;

  public DelegationCheck(RootHints hints) {
    this.hints = hints;
  }

  /// Whether the world is right again.
  ///
  /// @param names each of them is to have exactly these records of their types, and to be in a zone
  ///   with exactly these name servers
  /// @param records may be empty: then only the name servers count
  /// @param nameServers may be empty: then only the records count
  /// @return empty if it is; otherwise one sentence of what is still wrong
  /// @throws ResolverException if the servers above the names' zones cannot be asked
  public Optional<String> stillWrong(
      Collection<DnsName> names,
      Collection<CorrectRecord> records,
      Collection<Statement.NameServer> nameServers)
      throws ResolverException {
    SortedSet<Integer> types = new TreeSet<>();
    records.forEach(record -> types.add(record.type()));
    Iteration iteration = new Iteration(hints);
    for (DnsName name : names) {
      Optional<String> wrong = iteration.look(name, types).disagreement(records, nameServers);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /// What the world says about a name.
  ///
  /// @param types to ask the zone's servers about; the zone's SOA is asked for if there are none
  /// @throws ResolverException if the servers above the name's zone cannot be asked
  public Findings look(DnsName name, Collection<Integer> types) throws ResolverException {
    return new Iteration(hints).look(name, types);
  }

  /// The questions to put to a zone's servers about a name.
  static List<Question> questions(DnsName name, DnsName zone, Collection<Integer> types) {
    List<Question> questions = new ArrayList<>();
    for (int type : new TreeSet<>(types)) {
      if (questions.size() < ResolverLimits.CHECK_TYPES) {
        questions.add(new Question(name, type));
      }
    }
    return questions.isEmpty() ? List.of(new Question(zone, Type.SOA)) : questions;
  }
}
