package tocsin.node.dns;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;
import tocsin.node.core.Listing;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;

/// The zone in which anyone may look names up (the habits are those of RFC 5782). Immutable.
///
/// - `NAME.q.ZONE` A: 127.0.0.x, where x is the sum of what is active for the name: 2 an override,
///   4 a flush, 8 name servers corrected. No such name: nothing is active. `test.q.ZONE` is always
///   listed, `invalid.q.ZONE` never.
/// - `NAME.q.ZONE` TXT: one record per alert, active or not, each of the strings `incident=ID`,
///   `alert=ID`, `state=WORD`, `submitter=NAME`, `expires=TIME`.
/// - `NAME.a.ZONE`: the corrected records themselves.
/// - `HASH._sha256.q.ZONE` and `HASH._sha256.a.ZONE`: the same for the one name whose hash it is,
///   for names that are too long with the zone: the first 28 bytes of the SHA-256 of the name's
///   wire form, in lower case, as 56 hexadecimal digits (like RFC 7929 section 3). A name that is
///   listed by its subtree only is found by its ancestor's hash.
///
/// Names below a listed subtree are answered as the innermost one says, whatever else stands
/// between: that is more than wildcards can do, so the answers are found here and not laid out as
/// records.
public final class LookupZone implements ZoneContent {
  /// TTL of everything in `q`, and the least in `a`: a recall must be seen soon.
  private static final int TTL_SECONDS = 5;

  private static final String ACTIVE = "active";
  private static final int OVERRIDE = 2;
  private static final int FLUSH = 4;
  private static final int NAME_SERVERS = 8;
  private static final int HASH_BYTES = 28;
  private static final DnsName TEST = DnsName.parse("test.");
  private static final DnsName INVALID = DnsName.parse("invalid.");
  private static final byte[] HASHED = "_sha256\0".getBytes(StandardCharsets.US_ASCII);

  /// What is answered at a name and, by subtree, at all names below it.
  private record Answers(OwnerRecords query, OwnerRecords address) {
    static final Answers NONE = new Answers(OwnerRecords.NONE, OwnerRecords.NONE);
  }

  private record Listed(Answers at, @Nullable Answers below) {}

  private final Name origin;
  private final byte[] originKey;
  private final Serial serial;
  private final Soa authority;
  private final OwnerRecords apex;
  private final NameTable<Listed> names;
  private final NameTable<Answers> hashes;

  private LookupZone(
      Name origin,
      Soa authority,
      Serial serial,
      NameTable<Listed> names,
      NameTable<Answers> hashes) {
    this.origin = origin;
    this.originKey = NameKey.of(origin);
    this.authority = authority;
    this.serial = serial;
    this.names = names;
    this.hashes = hashes;
    Record nameServer =
        new NSRecord(origin, DClass.IN, authority.minimumSeconds(), authority.primary());
    this.apex =
        new OwnerRecords(
            origin.toWireCanonical(),
            List.of(RecordSet.of(nameServer), RecordSet.of(authority.at(origin, serial))));
  }

  /// The zone for these listings; where several say something of a name, their order counts.
  public static LookupZone of(Name origin, Soa authority, Serial serial, List<Listing> listings) {
    NavigableMap<byte[], Naming> namings = new TreeMap<>(Arrays::compareUnsigned);
    for (Listing listing : listings) {
      for (DnsName name : listing.names()) {
        if (!name.isAtOrBelow(INVALID)) {
          namings
              .computeIfAbsent(NameKey.of(CorrectRecords.name(name)), key -> new Naming(name))
              .listings
              .add(listing);
        }
      }
    }
    namings.computeIfAbsent(NameKey.of(CorrectRecords.name(TEST)), key -> new Naming(TEST));
    return lay(origin, authority, serial, namings);
  }

  /// A name, and the alerts that name it.
  private static final class Naming {
    private final DnsName name;
    private final List<Listing> listings = new ArrayList<>(1);

    Naming(DnsName name) {
      this.name = name;
    }
  }

  private static LookupZone lay(
      Name origin, Soa authority, Serial serial, NavigableMap<byte[], Naming> namings) {
    NavigableMap<byte[], Listed> names = new TreeMap<>(Arrays::compareUnsigned);
    NavigableMap<byte[], Answers> hashes = new TreeMap<>(Arrays::compareUnsigned);
    // Ancestors come first; what their subtrees say is handed down.
    Deque<Naming> around = new ArrayDeque<>();
    namings.forEach((key, naming) -> {
      while (!around.isEmpty() && !naming.name.isAtOrBelow(around.peek().name)) {
        around.pop();
      }
      List<Listing> inherited = new ArrayList<>();
      around.forEach(
          ancestor -> ancestor.listings.stream().filter(Listing::subtree).forEach(inherited::add));
      List<Listing> here = new ArrayList<>(naming.listings);
      here.addAll(inherited);
      List<Listing> deeper =
          new ArrayList<>(naming.listings.stream().filter(Listing::subtree).toList());
      deeper.addAll(inherited);
      Answers at = answers(naming.name, here);
      names.put(key, new Listed(at, deeper.isEmpty() ? null : answers(naming.name, deeper)));
      hashes.put(NameKey.of(hashLabel(naming.name)), at);
      around.push(naming);
    });
    return new LookupZone(
        origin, authority, serial, NameTable.copyOf(names), NameTable.copyOf(hashes));
  }

  private static Name hashLabel(DnsName name) {
    String hex = Sha256.of(name.toWire()).toString().substring(0, 2 * HASH_BYTES);
    return Names.parse(hex);
  }

  private static Answers answers(DnsName name, List<Listing> listings) {
    int bits = name.equals(TEST) ? OVERRIDE : 0;
    List<byte[]> texts = new ArrayList<>();
    if (name.equals(TEST)) {
      texts.add(text(List.of("test entry")));
    }
    Optional<Listing> correction = Optional.empty();
    for (Listing listing : listings) {
      if (texts.size() < Limits.LISTINGS_PER_NAME) {
        texts.add(text(strings(listing)));
      }
      if (listing.state().equals(ACTIVE)) {
        bits |= listing.override() ? OVERRIDE : FLUSH;
        bits |= listing.nameServersCorrected() ? NAME_SERVERS : 0;
        if (correction.isEmpty() && !listing.records().isEmpty()) {
          correction = Optional.of(listing);
        }
      }
    }
    byte[] owner = name.toWire().toByteArray();
    List<RecordSet> sets = new ArrayList<>(2);
    if (bits != 0) {
      sets.add(RecordSet.of(Type.A, TTL_SECONDS, List.of(new byte[] {127, 0, 0, (byte) bits})));
    }
    if (!texts.isEmpty()) {
      sets.add(RecordSet.of(Type.TXT, TTL_SECONDS, texts));
    }
    return new Answers(
        new OwnerRecords(owner, sets),
        correction.map(listing -> corrected(name, listing)).orElse(OwnerRecords.NONE));
  }

  private static OwnerRecords corrected(DnsName name, Listing listing) {
    Name owner = CorrectRecords.name(name);
    long ttl = Math.max(TTL_SECONDS, listing.ttlSeconds());
    return OwnerRecords.of(
        listing.records().stream().map(data -> CorrectRecords.at(owner, ttl, data)).toList());
  }

  private static List<String> strings(Listing listing) {
    return List.of(
        "incident=" + listing.incident().orElse(listing.alert()),
        "alert=" + listing.alert(),
        "state=" + listing.state(),
        "submitter=" + listing.submitter(),
        "expires="
            + (listing.expiresAtMillis() == 0
                ? "never"
                : Instant.ofEpochMilli(listing.expiresAtMillis())));
  }

  /// RDATA of a TXT record.
  private static byte[] text(List<String> strings) {
    ByteString.Output out = ByteString.newOutput();
    for (String string : strings) {
      ByteString cut = cut(ByteString.copyFromUtf8(string));
      out.write(cut.size());
      cut.forEach(out::write);
    }
    return out.toByteString().toByteArray();
  }

  /// At most so much as a string of a TXT record holds, and no half characters.
  private static ByteString cut(ByteString utf8) {
    int end = Math.min(utf8.size(), Limits.STRING_BYTES);
    while (end < utf8.size() && (utf8.byteAt(end) & 0xc0) == 0x80) {
      end--;
    }
    return utf8.substring(0, end);
  }

  @Override
  public Name origin() {
    return origin;
  }

  @Override
  public byte[] originKey() {
    return originKey;
  }

  @Override
  public Serial serial() {
    return serial;
  }

  @Override
  public RecordSet soa() {
    return apex.sets().getLast();
  }

  @Override
  public int expireSeconds() {
    return authority.expireSeconds();
  }

  @Override
  public @Nullable OwnerRecords find(byte[] key, int length) {
    int branch = originKey.length;
    if (length == branch) {
      return apex;
    }
    boolean query = key[branch] == 'q';
    if ((!query && key[branch] != 'a') || key[branch + 1] != 0) {
      return null;
    }
    int from = branch + 2;
    if (length == from) {
      return OwnerRecords.NONE;
    }
    boolean hashed =
        length - from >= HASHED.length
            && Arrays.equals(key, from, from + HASHED.length, HASHED, 0, HASHED.length);
    if (!hashed) {
      Answers answers = answers(key, from, length);
      return answers == null ? null : query ? answers.query : answers.address;
    }
    int start = from + HASHED.length;
    if (start == length) {
      return OwnerRecords.NONE;
    }
    Answers answers = hashes.get(key, start, length);
    return answers == null ? null : query ? answers.query : answers.address;
  }

  /// What is said of the name between `from` and `to`; null if nothing is said of it or of anything
  /// below it.
  private @Nullable Answers answers(byte[] key, int from, int to) {
    int index = names.search(key, from, to);
    if (index >= 0) {
      return names.value(index).at();
    }
    int encloser = names.encloser(key, from, to, index);
    boolean existsBelow = encloser == to;
    for (int end = encloser; end > from; end = parent(key, from, end)) {
      Listed ancestor = names.get(key, from, end);
      if (ancestor != null) {
        Answers below = ancestor.below();
        if (below != null) {
          return below;
        }
        break;
      }
    }
    return existsBelow ? Answers.NONE : null;
  }

  private static int parent(byte[] key, int from, int end) {
    int at = end - 1;
    while (at > from && key[at - 1] != 0) {
      at--;
    }
    return at;
  }

  @Override
  public String toString() {
    return origin + " serial " + serial + ", " + names.size() + " names";
  }
}
