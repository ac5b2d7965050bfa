package tocsin.trust;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Address blocks that no correction of a public name points into: those of the IANA IPv4 and IPv6
/// Special-Purpose Address Registries (RFC 6890; iana-ipv4-special-registry and
/// iana-ipv6-special-registry as of November 2026, "globally reachable" ones included), and
/// multicast.
public final class SpecialPurposeAddresses {
  private SpecialPurposeAddresses() {}

  private record Block(String text, ByteString prefix, int bits) {
    boolean contains(ByteString address) {
      if (address.size() != prefix.size()) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((address.byteAt(bit / 8) & mask) != (prefix.byteAt(bit / 8) & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private static final ByteString MAPPED =
      ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1});

  /// Blocks inside listed blocks are left out.
  private static final List<Block> BLOCKS =
      blocks(
          // "This network" (RFC 791), private use (RFC 1918), shared (RFC 6598), loopback.
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          // Link local (RFC 3927), private use, IETF protocol assignments (RFC 6890).
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          // Documentation (RFC 5737), AS112 (RFC 7535), AMT (RFC 7450), 6to4 relays (RFC 7526).
          "192.0.2.0/24",
          "192.31.196.0/24",
          "192.52.193.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          // AS112 (RFC 7534), benchmarking (RFC 2544), documentation.
          "192.175.48.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          // Multicast (RFC 5771), reserved (RFC 1112) with the limited broadcast.
          "224.0.0.0/4",
          "240.0.0.0/4",
          // Unspecified, loopback and the deprecated IPv4-compatible addresses (RFC 4291).
          "::/96",
          // IPv4-mapped (RFC 4291), IPv4/IPv6 translation (RFC 6052, RFC 8215).
          "::ffff:0:0/96",
          "64:ff9b::/96",
          "64:ff9b:1::/48",
          // Discard only (RFC 6666), dummy (RFC 9780).
          "100::/64",
          "100:0:0:1::/64",
          // IETF protocol assignments (RFC 2928): Teredo, benchmarking, AMT, ORCHID and others.
          "2001::/23",
          // Documentation (RFC 3849, RFC 9637), 6to4 (RFC 3056), AS112 (RFC 7534).
          "2001:db8::/32",
          "3fff::/20",
          "2002::/16",
          "2620:4f:8000::/48",
          // Segment routing (RFC 9602), unique local (RFC 4193), link local, site local, multicast.
          "5f00::/16",
          "fc00::/7",
          "fe80::/10",
          "fec0::/10",
          "ff00::/8");

  /// The special-purpose block that holds this address; empty if it is an ordinary one.
  ///
  /// @param address 4 or 16 bytes
  public static Optional<String> blockOf(ByteString address) {
    for (Block block : BLOCKS) {
      if (block.contains(address)) {
        return Optional.of(block.text());
      }
    }
    return Optional.empty();
  }

  private static List<Block> blocks(String... texts) {
    List<Block> blocks = new ArrayList<>();
    for (String text : texts) {
      int slash = text.indexOf('/');
      blocks.add(
          new Block(
              text,
              literal(text.substring(0, slash)),
              Integer.parseInt(text.substring(slash + 1))));
    }
    return List.copyOf(blocks);
  }

  private static ByteString literal(String address) {
    // Only literals: nothing is looked up. Java turns an IPv4-mapped one into the IPv4 address.
    ByteString bytes = ByteString.copyFrom(InetAddress.ofLiteral(address).getAddress());
    return address.contains(":") && bytes.size() == 4 ? MAPPED.concat(bytes) : bytes;
  }
}
