package tocsin.node.resolver;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// The addresses of a correction as text, without repetitions, no more than fit.
final class CorrectAddresses {
  private CorrectAddresses() {}

  /// @return "192.0.2.53", "2001:db8::53": by bytes, since a scoped or named InetAddress would
  ///   print more than an address; at least one
  /// @throws IllegalArgumentException if there is none
  static List<String> of(List<InetAddress> servers) {
    SequencedSet<String> addresses = new LinkedHashSet<>();
    for (InetAddress server : servers) {
      if (addresses.size() < ResolverLimits.CORRECT_ADDRESSES) {
        addresses.add(InetAddresses.toAddrString(server));
      }
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a correction has at least one address");
    }
    return List.copyOf(addresses);
  }
}
