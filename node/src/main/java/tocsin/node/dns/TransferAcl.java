package tocsin.node.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// Who may transfer zones: whoever one entry allows.
public record TransferAcl(List<Entry> entries) {
  /// Nobody.
  public static final TransferAcl NONE = new TransferAcl(List.of());

  /// One rule: the address, the key, or where both are given both.
  public record Entry(Optional<InetAddress> address, Optional<Name> key) {
    public Entry {
      if (address.isEmpty() && key.isEmpty()) {
        throw new IllegalArgumentException("an entry names an address, a key, or both");
      }
    }

    boolean allows(InetAddress client, @Nullable TsigKey signer) {
      return address.map(client::equals).orElse(true)
          && key.map(name -> signer != null && name.equals(signer.name())).orElse(true);
    }
  }

  public TransferAcl {
    entries = List.copyOf(entries);
  }

  /// From entries like "127.0.0.11", "key:node-key" and "192.0.2.7 key:node-key".
  ///
  /// @throws IllegalArgumentException with a sentence, if one is none of these
  public static TransferAcl parse(List<String> texts) {
    return new TransferAcl(texts.stream().map(TransferAcl::entry).toList());
  }

  private static Entry entry(String text) {
    Optional<InetAddress> address = Optional.empty();
    Optional<Name> key = Optional.empty();
    for (String word : text.strip().split(" +", -1)) {
      if (word.startsWith("key:") && key.isEmpty()) {
        key = Optional.of(Names.parse(word.substring("key:".length())).canonicalize());
      } else if (!word.isEmpty() && address.isEmpty() && key.isEmpty()) {
        address = Optional.of(Addresses.parse(word));
      } else {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not ADDRESS, key:NAME or \"ADDRESS key:NAME\"");
      }
    }
    return new Entry(address, key);
  }

  /// Why it is not allowed, for the operator.
  String refusal(InetAddress client, @Nullable TsigKey signer) {
    if (signer != null) {
      return "no entry of allow-transfer allows its address with its key";
    }
    boolean wantsKey =
        entries.stream()
            .anyMatch(entry ->
                entry.key().isPresent() && entry.address().map(client::equals).orElse(true));
    return wantsKey
        ? "it is not signed, and allow-transfer wants a key of it"
        : "its address is no entry of allow-transfer";
  }

  boolean allows(InetAddress client, @Nullable TsigKey signer) {
    return entries.stream().anyMatch(entry -> entry.allows(client, signer));
  }
}
