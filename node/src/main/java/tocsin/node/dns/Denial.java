package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/// Proofs that something is not there, made for the question (RFC 4470): NSEC records that cover as
/// little as can be, so that nobody can walk the zone and list what is in it.
///
/// Where a label or name has no room for another byte, the gap that is denied is a little wider
/// than the question and may hold names below its neighbour.
final class Denial {
  private static final int MAX_LABEL = 63;

  private final ZoneContent zone;
  private final long ttlSeconds;

  Denial(ZoneContent zone) {
    this.zone = zone;
    this.ttlSeconds = zone.soa().ttlSeconds();
  }

  /// That a name, which exists, has not the type.
  List<OwnerRecords> ofType(byte[] name) {
    byte[] zero = {1, 0};
    byte[] next =
        name.length + zero.length <= Limits.NAME_BYTES ? join(zero, name, 0) : after(name);
    return List.of(nsec(name, next));
  }

  /// That there is no such name, and no wildcard that would be it.
  List<OwnerRecords> ofName(byte[] name) {
    int encloser = 0;
    int nextCloser;
    do {
      nextCloser = encloser;
      encloser += 1 + name[encloser];
    } while (find(suffix(name, encloser)) == null);
    byte[] missing = suffix(name, nextCloser);
    byte[] existing = suffix(name, encloser);
    boolean room = existing.length + 3 <= Limits.NAME_BYTES;
    byte[] low = room ? new byte[] {2, ')', (byte) 0xff} : new byte[] {1, ')'};
    byte[] high = room ? new byte[] {2, '*', 0} : new byte[] {1, '+'};
    List<OwnerRecords> proof = new ArrayList<>(2);
    proof.add(nsec(before(missing), after(missing)));
    if (existing.length + low.length <= Limits.NAME_BYTES) {
      proof.add(nsec(join(low, existing, 0), join(high, existing, 0)));
    }
    return proof;
  }

  private @Nullable OwnerRecords find(byte[] name) {
    byte[] key = new byte[Limits.KEY_BYTES];
    int length = NameKey.write(name, 0, key, new int[Limits.NAME_LABELS]);
    return zone.find(key, length);
  }

  private static byte[] suffix(byte[] name, int from) {
    return Arrays.copyOfRange(name, from, name.length);
  }

  private static byte[] join(byte[] label, byte[] rest, int from) {
    byte[] joined = Arrays.copyOf(label, label.length + rest.length - from);
    System.arraycopy(rest, from, joined, label.length, rest.length - from);
    return joined;
  }

  /// A name directly before this one and all that is below it.
  private static byte[] before(byte[] name) {
    int length = name[0];
    byte[] label = Arrays.copyOf(name, 1 + length);
    int last = label[length] & 0xff;
    if (last == 0) {
      // The next shorter label, or with no label left the name above.
      label = Arrays.copyOf(label, length);
      label[0] = (byte) (length - 1);
      return length == 1 ? suffix(name, 2) : join(label, name, 1 + length);
    }
    // Upper-case letters count as lower-case ones: jump over them.
    label[length] = (byte) (last == '[' ? '@' : last - 1);
    if (length < MAX_LABEL && name.length < Limits.NAME_BYTES) {
      label = Arrays.copyOf(label, length + 2);
      label[0] = (byte) (length + 1);
      label[length + 1] = (byte) 0xff;
    }
    return join(label, name, 1 + length);
  }

  /// A name directly after this one and all that is below it.
  private byte[] after(byte[] name) {
    int length = name[0];
    if (length < MAX_LABEL && name.length < Limits.NAME_BYTES) {
      byte[] label = Arrays.copyOf(name, 2 + length);
      label[0] = (byte) (length + 1);
      label[1 + length] = 0;
      return join(label, name, 1 + length);
    }
    int end = length;
    while (end > 0 && name[end] == (byte) 0xff) {
      end--;
    }
    if (end == 0) {
      return zone.origin().toWireCanonical();
    }
    byte[] label = Arrays.copyOf(name, 1 + end);
    label[0] = (byte) end;
    label[end] = (byte) (label[end] == '@' ? '[' : label[end] + 1);
    return join(label, name, 1 + length);
  }

  private OwnerRecords nsec(byte[] owner, byte[] next) {
    TreeSet<Integer> types = new TreeSet<>(List.of(Type.RRSIG, Type.NSEC));
    OwnerRecords there = find(owner);
    if (there != null) {
      there.sets().forEach(set -> types.add(set.type()));
    }
    // All our types are below 256: one window.
    byte[] bits = new byte[types.getLast() / 8 + 1];
    types.forEach(type -> bits[type / 8] |= (byte) (0x80 >> type % 8));
    MessageWriter data = new MessageWriter(next.length + 2 + bits.length);
    data.bytes(next);
    data.u8(0);
    data.u8(bits.length);
    data.bytes(bits);
    return new OwnerRecords(
        owner, List.of(RecordSet.of(Type.NSEC, ttlSeconds, List.of(data.array()))));
  }
}
