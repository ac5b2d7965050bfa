package tocsin.node.resolver;

import java.net.InetAddress;
import java.util.List;
import java.util.OptionalLong;
import tocsin.trust.DnsName;

/// One resolver beside this node, and all that may be done to it. Every operation blocks until it
/// is done and read back, is idempotent, and has a deadline of seconds: call it on a virtual
/// thread. Operations may be called from several threads at once.
///
/// That the resolver takes its overlay zone from the node's DNS server is not an operation here;
/// that it *has* taken it is [#heldSerial].
public interface Resolver extends AutoCloseable {
  /// The name the operator gave it in the configuration.
  String name();

  /// The serial of the overlay zone that the resolver answers from now.
  ///
  /// @return 0 to 4,294,967,295; empty if the zone is configured but not (or no longer) loaded
  /// @throws ResolverException if the resolver does not answer, or has no such zone
  OptionalLong heldSerial(DnsName rpzZone) throws ResolverException;

  /// Hands over the overlay as it is served from now on. Only kinds that transfer no zones have a
  /// use for it; they have it in force when [#heldSerial] says so. Returns at once.
  default void offer(OverlayZone overlay) {}

  /// Forgets everything at and below the name: positive, negative, delegations, signatures, packet
  /// caches. Identical flushes that wait at the same time are done once.
  ///
  /// @throws ResolverException if it could not be done
  void flush(DnsName name) throws ResolverException;

  /// Asks these servers about the zone and everything below it, whatever the parent delegates.
  /// Replaces an earlier correction of the same zone. What is cached stays: flush afterwards.
  ///
  /// Looks first: what the resolver's operator has put there for the same zone is never touched.
  ///
  /// @param servers at least one address; of more than 16 the first 16 are taken
  /// @throws KeptException if the operator has name servers of its own for this zone there
  /// @throws ResolverException if it could not be done
  void correctNameServers(DnsName zone, List<InetAddress> servers) throws ResolverException;

  /// Takes the correction of the zone's name servers back; does nothing if there is none, or one
  /// that is the operator's own. What is cached stays: flush afterwards.
  ///
  /// @throws ResolverException if it could not be done
  void clearNameServers(DnsName zone) throws ResolverException;

  /// Stops to validate at and below the zone: a negative trust anchor (RFC 7646). A resolver that
  /// does not validate at all, or has an anchor of its operator's there, accepts this and stays as
  /// it is.
  ///
  /// @throws ResolverException if it could not be done
  void setInsecure(DnsName zone) throws ResolverException;

  /// Validates at and below the zone again, unless it is the operator who does not want that.
  ///
  /// @throws ResolverException if it could not be done
  void clearInsecure(DnsName zone) throws ResolverException;

  /// What the resolver answers now to anybody, cache and overlay included: a recursive question
  /// over UDP, over TCP if the answer was truncated.
  ///
  /// @return the answer whatever its status, SERVFAIL and NXDOMAIN included
  /// @throws ResolverException if there is no answer in time
  Answer probe(Question question) throws ResolverException;

  /// What its configuration should have and has not, a sentence each, as far as it can be asked.
  ///
  /// @throws ResolverException if it does not answer
  default List<String> advice() throws ResolverException {
    return List.of();
  }

  /// Gives connections back. Corrections stay as they are.
  @Override
  void close();
}
