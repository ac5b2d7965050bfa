package tocsin.node.dns;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import tocsin.node.core.Listing;
import tocsin.node.dns.ListedNames.Answers;
import tocsin.node.dns.ListedNames.Listed;

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
  static final int TTL_SECONDS = 5;

  private static final byte[] HASHED = "_sha256\0".getBytes(StandardCharsets.US_ASCII);

  private final Name origin;
  private final byte[] originKey;
  private final Serial serial;
  private final Soa authority;
  private final OwnerRecords apex;
  private final NameTable<Listed> names;
  private final NameTable<Answers> hashes;
  private final @Nullable ZoneSigner signer;

  private LookupZone(
      Name origin,
      Soa authority,
      Serial serial,
      NameTable<Listed> names,
      NameTable<Answers> hashes,
      @Nullable ZoneSigner signer) {
    this.origin = origin;
    this.originKey = NameKey.of(origin);
    this.authority = authority;
    this.serial = serial;
    this.names = names;
    this.hashes = hashes;
    this.signer = signer;
    Record nameServer =
        new NSRecord(origin, DClass.IN, authority.minimumSeconds(), authority.primary());
    List<RecordSet> sets = new ArrayList<>();
    sets.add(RecordSet.of(nameServer));
    sets.add(RecordSet.of(authority.at(origin, serial)));
    if (signer != null) {
      sets.add(signer.keys());
    }
    this.apex = new OwnerRecords(origin.toWireCanonical(), sets);
  }

  /// The zone for these listings; where several say something of a name, their order counts.
  public static LookupZone of(Name origin, Soa authority, Serial serial, List<Listing> listings) {
    ListedNames names = new ListedNames(origin);
    for (int place = 0; place < listings.size(); place++) {
      names.change(place, Optional.of(listings.get(place)));
    }
    return of(origin, authority, serial, names);
  }

  /// The zone for what these names say now.
  static LookupZone of(Name origin, Soa authority, Serial serial, ListedNames names) {
    return new LookupZone(origin, authority, serial, names.laid(), names.hashes(), null);
  }

  /// The same, signed.
  LookupZone signedBy(ZoneSigner with) {
    return new LookupZone(origin, authority, serial, names, hashes, with);
  }

  @Override
  public @Nullable ZoneSigner signer() {
    return signer;
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
    return apex.sets().get(1);
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
      return answers == null ? null : query ? answers.query() : answers.address();
    }
    int start = from + HASHED.length;
    if (start == length) {
      return OwnerRecords.NONE;
    }
    Answers answers = hashes.get(key, start, length);
    return answers == null ? null : query ? answers.query() : answers.address();
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
