package tocsin.node.dns;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.xbill.DNS.Name;

/// A resolver that is told of new serials (RFC 1996).
///
/// @param key name of the TSIG key to sign with; only where the resolver is configured for it
public record NotifyTarget(InetSocketAddress address, Optional<Name> key) {
  public NotifyTarget {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("a target of NOTIFY is an address: " + address);
    }
    key = key.map(Name::canonicalize);
  }

  /// From "127.0.0.1:5301" or "127.0.0.1:5302 key:node-key".
  ///
  /// @throws IllegalArgumentException with a sentence, if it is neither
  public static NotifyTarget parse(String text) {
    String[] words = text.strip().split(" +", -1);
    boolean keyed = words.length == 2 && words[1].startsWith("key:");
    if (words.length != 1 && !keyed) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not ADDRESS:PORT or \"ADDRESS:PORT key:NAME\"");
    }
    Optional<Name> key =
        keyed ? Optional.of(Names.parse(words[1].substring("key:".length()))) : Optional.empty();
    return new NotifyTarget(Addresses.parseWithPort(words[0]), key);
  }

  @Override
  public String toString() {
    return address.getAddress().getHostAddress()
        + ":"
        + address.getPort()
        + key.map(name -> " key:" + name.toString(true)).orElse("");
  }
}
