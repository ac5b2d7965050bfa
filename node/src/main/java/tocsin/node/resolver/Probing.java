package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;

/// Asking a resolver as a client would, with sentences for what can go wrong. The same for every
/// kind.
///
/// @param name the resolver's, for messages
/// @param address where it answers
record Probing(String name, InetSocketAddress address) {
  /// @see Resolver#probe
  Answer probe(Question question) throws ResolverException {
    try {
      return Answer.of(
          question, DnsExchange.ask(address, question, true, false, ResolverLimits.PROBE));
    } catch (PortUnreachableException e) {
      throw new ResolverException(
          "resolver "
              + name
              + " does not listen at "
              + shownAddress()
              + ": the connection was refused",
          e);
    } catch (SocketTimeoutException e) {
      throw new ResolverException(
          "resolver "
              + name
              + " gave no answer about "
              + question
              + " within "
              + ResolverLimits.PROBE.toSeconds()
              + " s",
          e);
    } catch (IOException e) {
      throw new ResolverException(
          "resolver "
              + name
              + " could not be asked about "
              + question
              + " at "
              + shownAddress()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private String shownAddress() {
    return address.getHostString() + ":" + address.getPort();
  }
}
