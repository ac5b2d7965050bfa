package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tocsin.trust.StatementId;

/// The beginning of the endless sequence of coded symbols that stands for a set of ids, as in Yang,
/// Gilad, Alizadeh: Practical Rateless Set Reconciliation (SIGCOMM 2024, arXiv 2402.02668). Symbol
/// i holds the XOR of all ids mapped to it, which each is with probability 1/(1 + i/2), the XOR of
/// their checks, and their number. Symbols are linear: the difference of two sets' symbols is the
/// symbols of the sets' difference, which are peeled. Nothing in a symbol depends on who asks, so
/// one prefix serves every peer.
///
/// Ids are cut to their first six bytes: in a million statements none of a thousand differences is
/// like another one's but once in three hundred thousand times. Whoever grinds two statements with
/// the same six bytes hides one of them from the symbols, and from the symbols only.
final class RatelessSymbols {
  /// On the wire: six bytes of ids, three of checks, and the number modulo 256.
  static final int SYMBOL_BYTES = 10;

  private static final int ID_BYTES = 6;

  private static final int ID_BITS = 8 * ID_BYTES;
  private static final int CHECK_BITS = 24;

  /// "tocsinIB" and "LTcheck1" in ASCII: the same in the whole network, so that prefixes can be
  /// kept.
  private static final long MAPPING_KEY = 0x746F6373696E4942L;

  private static final long CHECK_KEY = 0x4C54636865636B31L;

  /// Of Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final long[] sums;
  private final int[] checks;
  private final byte[] counts;

  /// The symbols of the empty set.
  RatelessSymbols(int size) {
    sums = new long[size];
    checks = new int[size];
    counts = new byte[size];
  }

  int size() {
    return sums.length;
  }

  /// The first six bytes, big-endian.
  static long cut(StatementId id) {
    return id.hash().a() >>> (Long.SIZE - ID_BITS);
  }

  void add(long id) {
    put(id, 1);
  }

  /// @param id that was added
  void remove(long id) {
    put(id, -1);
  }

  private void put(long id, int direction) {
    int check = check(id);
    long state = id ^ MAPPING_KEY;
    for (int i = 0; i < sums.length; i = next(i, mix(state))) {
      sums[i] ^= id;
      checks[i] ^= check;
      counts[i] += (byte) direction;
      state += GOLDEN_GAMMA;
    }
  }

  /// The index after `index` to which an id is mapped, at most `Integer.MAX_VALUE`: the paper's
  /// (1.5 + i) ((1 - u)^(-1/2) - 1), rounded up, for a uniform u. Only operations of which IEEE 754
  /// says every bit.
  private static int next(int index, long random) {
    double uniform = ((random >>> 11) + 1) * 0x1p-53;
    double step = Math.ceil((index + 1.5) * (1 / Math.sqrt(uniform) - 1));
    return (int) Math.min(index + Math.max(step, 1), Integer.MAX_VALUE);
  }

  private static int check(long id) {
    return (int) (mix(id ^ CHECK_KEY) >>> (Long.SIZE - CHECK_BITS));
  }

  private static long mix(long value) {
    long z = value + GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// One byte of a symbol that tells whether it is the same elsewhere, but for one time in 256.
  byte fingerprint(int index) {
    return (byte) (checks[index] ^ counts[index]);
  }

  /// Symbols `from` to `to`, exclusive.
  ByteString encode(int from, int to) {
    byte[] bytes = new byte[(to - from) * SYMBOL_BYTES];
    int at = 0;
    for (int i = from; i < to; i++) {
      at = write(sums[i], ID_BYTES, bytes, at);
      at = write(checks[i], CHECK_BITS / 8, bytes, at);
      bytes[at++] = counts[i];
    }
    return ByteString.copyFrom(bytes);
  }

  private static int write(long value, int size, byte[] bytes, int at) {
    for (int i = 0; i < size; i++) {
      bytes[at + i] = (byte) (value >>> (8 * (size - 1 - i)));
    }
    return at + size;
  }

  private static long read(ByteString bytes, int at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = (value << 8) | Byte.toUnsignedInt(bytes.byteAt(at + i));
    }
    return value;
  }

  /// What two sets differ in, as far as it is found.
  ///
  /// @param missing ids that only the other side has, ascending
  /// @param surplus ids that only this side has, ascending
  /// @param complete nothing else differs, unless somebody chose ids to hide it
  record Difference(List<Long> missing, List<Long> surplus, boolean complete) {
    Difference {
      missing = List.copyOf(missing);
      surplus = List.copyOf(surplus);
    }
  }

  /// Peels the difference between the beginning of another set's symbols and this set's.
  ///
  /// @param theirs whole symbols, as [#encode] writes them, from the first on
  /// @throws IllegalArgumentException if they are no whole symbols or more than this side has
  Difference difference(ByteString theirs) {
    int size = theirs.size() / SYMBOL_BYTES;
    if (theirs.size() % SYMBOL_BYTES != 0 || size > sums.length) {
      throw new IllegalArgumentException("symbols of another size than was asked for");
    }
    RatelessSymbols rest = new RatelessSymbols(size);
    for (int i = 0; i < size; i++) {
      int at = i * SYMBOL_BYTES;
      rest.sums[i] = read(theirs, at, ID_BYTES) ^ sums[i];
      rest.checks[i] = (int) read(theirs, at + ID_BYTES, CHECK_BITS / 8) ^ checks[i];
      rest.counts[i] = (byte) (theirs.byteAt(at + SYMBOL_BYTES - 1) - counts[i]);
    }
    return rest.peel();
  }

  /// Takes out, again and again, the one id of a symbol that has only one. Each id is taken out
  /// once at most: made-up symbols end too.
  private Difference peel() {
    // True: only the other side has it.
    TreeMap<Long, Boolean> found = new TreeMap<>();
    boolean again = true;
    while (again) {
      again = false;
      for (int i = 0; i < sums.length; i++) {
        if (isPure(i) && found.size() < sums.length && !found.containsKey(sums[i])) {
          long id = sums[i];
          found.put(id, counts[i] == 1);
          put(id, -counts[i]);
          again = true;
        }
      }
    }
    boolean complete = true;
    for (int i = 0; i < sums.length; i++) {
      complete &= sums[i] == 0 && checks[i] == 0 && counts[i] == 0;
    }
    List<Long> missing = new ArrayList<>();
    List<Long> surplus = new ArrayList<>();
    found.forEach((id, theirs) -> (theirs ? missing : surplus).add(id));
    return new Difference(missing, surplus, complete);
  }

  private boolean isPure(int index) {
    return (counts[index] == 1 || counts[index] == -1) && checks[index] == check(sums[index]);
  }
}
