package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// The records of one name and type (an RRset of class IN), ready to be copied into a message: each
/// as a compression pointer to offset 12, where a message has its question's name, then type,
/// class, TTL, length and RDATA without compression. In canonical order (RFC 4034 section 6.3),
/// each once. Immutable.
final class RecordSet {
  /// A pointer to the question's name.
  static final int POINTER = 0xc00c;

  private static final int POINTER_BYTES = 2;
  private static final int FIXED_BYTES = 12;

  private final int type;
  private final long ttlSeconds;
  private final int count;
  private final byte[] wire;

  private RecordSet(int type, long ttlSeconds, int count, byte[] wire) {
    this.type = type;
    this.ttlSeconds = ttlSeconds;
    this.count = count;
    this.wire = wire;
  }

  /// A set of these RDATA, each as canonical wire bytes.
  ///
  /// @throws IllegalArgumentException if there are none, too many, or one is too long
  static RecordSet of(int type, long ttlSeconds, Collection<byte[]> rdatas) {
    TreeSet<byte[]> sorted = new TreeSet<>(Arrays::compareUnsigned);
    sorted.addAll(rdatas);
    if (sorted.isEmpty() || sorted.size() > Limits.SET_RECORDS) {
      throw new IllegalArgumentException(
          "a record set has 1 to " + Limits.SET_RECORDS + " records, not " + sorted.size());
    }
    return sorted(type, ttlSeconds, sorted);
  }

  /// A set of one record.
  static RecordSet of(Record data) {
    return sorted(data.getType(), data.getTTL(), List.of(data.rdataToWireCanonical()));
  }

  private static RecordSet sorted(int type, long ttlSeconds, Collection<byte[]> rdatas) {
    int sizeBytes = 0;
    for (byte[] rdata : rdatas) {
      if (rdata.length > Limits.RDATA_BYTES) {
        throw new IllegalArgumentException(
            "a record has at most " + Limits.RDATA_BYTES + " bytes of data, not " + rdata.length);
      }
      sizeBytes += FIXED_BYTES + rdata.length;
    }
    if (sizeBytes > Limits.SET_BYTES) {
      throw new IllegalArgumentException(
          "a record set has at most " + Limits.SET_BYTES + " bytes, not " + sizeBytes);
    }
    MessageWriter out = new MessageWriter(sizeBytes);
    for (byte[] rdata : rdatas) {
      out.u16(POINTER);
      out.u16(type);
      out.u16(DClass.IN);
      out.u32(ttlSeconds);
      out.u16(rdata.length);
      out.bytes(rdata);
    }
    return new RecordSet(type, ttlSeconds, rdatas.size(), out.array());
  }

  /// Bytes of one record with so much data.
  static int sizeBytes(int rdataBytes) {
    return FIXED_BYTES + rdataBytes;
  }

  int type() {
    return type;
  }

  long ttlSeconds() {
    return ttlSeconds;
  }

  int count() {
    return count;
  }

  /// Bytes of all records in a message that has their owner at offset 12.
  int sizeBytes() {
    return wire.length;
  }

  /// Writes all records, owned by the name at offset 12.
  void write(MessageWriter out) {
    out.bytes(wire, 0, wire.length);
  }

  /// Start of the record after the one at `at`; the first is at 0, and there are none from
  /// [#sizeBytes] on.
  int after(int at) {
    return at + FIXED_BYTES + (((wire[at + 10] & 0xff) << 8) | (wire[at + 11] & 0xff));
  }

  /// Writes the record at `at` without its owner.
  void writeUnowned(MessageWriter out, int at) {
    out.bytes(wire, at + POINTER_BYTES, after(at) - at - POINTER_BYTES);
  }

  /// RDATA of the record at `at`.
  byte[] rdata(int at) {
    return Arrays.copyOfRange(wire, at + FIXED_BYTES, after(at));
  }

  List<byte[]> rdatas() {
    List<byte[]> rdatas = new ArrayList<>(count);
    for (int at = 0; at < wire.length; at = after(at)) {
      rdatas.add(rdata(at));
    }
    return rdatas;
  }

  /// As records of the owner.
  List<Record> records(Name owner) {
    return rdatas().stream()
        .map(rdata -> Record.newRecord(owner, type, DClass.IN, ttlSeconds, rdata))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordSet set && Arrays.equals(wire, set.wire);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(wire);
  }

  @Override
  public String toString() {
    return count + " " + Type.string(type);
  }
}
