package tocsin.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A sum over rows that does not depend on their order: two columns with equal sums hold the same
/// rows, but for a chance of 2^-64. It finds damage; it is no proof against somebody who chooses
/// the rows.
final class RowSum {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// The multipliers of MurmurHash3's 64-bit finalizer (A. Appleby, public domain).
  private static final long FIRST = 0xff51afd7ed558ccdL;

  private static final long SECOND = 0xc4ceb9fe1a85ec53L;

  private long count;
  private long sum;

  RowSum() {
    this(0, 0);
  }

  RowSum(long count, long sum) {
    this.count = count;
    this.sum = sum;
  }

  void add(Column<?, ?> column, byte[] key, byte[] value) {
    count++;
    sum += of(column, key, value);
  }

  void add(RowSum other) {
    count += other.count;
    sum += other.sum;
  }

  /// What one row adds to the sum.
  static long of(Column<?, ?> column, byte[] key, byte[] value) {
    return mixed(mixed(column.number() + 1, key), value);
  }

  private static long mixed(long start, byte[] bytes) {
    long hash = mixed(start ^ bytes.length);
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      hash = mixed(hash ^ (long) WORD.get(bytes, at));
    }
    long rest = 0;
    for (; at < bytes.length; at++) {
      rest = rest << Byte.SIZE | (bytes[at] & 0xff);
    }
    return mixed(hash ^ rest) + hash;
  }

  private static long mixed(long value) {
    long mixed = value;
    mixed = (mixed ^ mixed >>> 33) * FIRST;
    mixed = (mixed ^ mixed >>> 33) * SECOND;
    return mixed ^ mixed >>> 33;
  }

  boolean matches(RowSum other) {
    return count == other.count && sum == other.sum;
  }

  long count() {
    return count;
  }

  long sum() {
    return sum;
  }
}
