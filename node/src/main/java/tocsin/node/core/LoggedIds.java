package tocsin.node.core;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// The ids of all that is in the log, cut short, with their issuers, by index: some 12 bytes a
/// statement in memory, so that coded symbols and short ids cost no look into the log. Full chunks
/// never change, and are shared between the nodes of a simulation that begin with the same log.
final class LoggedIds {
  private static final int CHUNK = 4_096;

  private static final class Chunk {
    final long[] cuts;
    final OrganizationId[] issuers;

    Chunk(long[] cuts, OrganizationId[] issuers) {
      this.cuts = cuts;
      this.issuers = issuers;
    }
  }

  private final List<Chunk> full;
  private Chunk last;
  private int lastSize;

  LoggedIds() {
    this(new ArrayList<>(), new Chunk(new long[FIRST], new OrganizationId[FIRST]), 0);
  }

  private LoggedIds(List<Chunk> full, Chunk last, int lastSize) {
    this.full = full;
    this.last = last;
    this.lastSize = lastSize;
  }

  /// One that goes its own way from here.
  LoggedIds fork() {
    return new LoggedIds(new ArrayList<>(full), resized(last, Math.max(lastSize, FIRST)), lastSize);
  }

  private static Chunk resized(Chunk chunk, int size) {
    return new Chunk(Arrays.copyOf(chunk.cuts, size), Arrays.copyOf(chunk.issuers, size));
  }

  void add(StatementId id, OrganizationId issuer) {
    if (lastSize == last.cuts.length) {
      last = resized(last, Math.min(2 * lastSize, CHUNK));
    }
    last.cuts[lastSize] = RatelessSymbols.cut(id);
    last.issuers[lastSize] = issuer;
    lastSize++;
    if (lastSize == CHUNK) {
      full.add(last);
      last = new Chunk(new long[FIRST], new OrganizationId[FIRST]);
      lastSize = 0;
    }
  }

  long size() {
    return (long) full.size() * CHUNK + lastSize;
  }

  /// @param index below the size
  long cut(long index) {
    return chunk(index).cuts[(int) (index % CHUNK)];
  }

  OrganizationId issuer(long index) {
    return chunk(index).issuers[(int) (index % CHUNK)];
  }

  private Chunk chunk(long index) {
    int number = (int) (index / CHUNK);
    return number < full.size() ? full.get(number) : last;
  }

  /// @param index below the size
  void setIssuer(long index, OrganizationId issuer) {
    int number = (int) (index / CHUNK);
    if (number < full.size()) {
      // Others may have it too.
      full.set(number, resized(full.get(number), CHUNK));
    }
    chunk(index).issuers[(int) (index % CHUNK)] = issuer;
  }

  /// Where in the log the statements with these cut ids are, ascending; at most `most`. One pass
  /// over all ids, of a nanosecond or two each.
  List<Long> find(Collection<Long> wanted, int most) {
    long[] sorted = wanted.stream().mapToLong(Long::longValue).sorted().toArray();
    long[] filter = new long[FILTER_BITS / Long.SIZE];
    for (long cut : sorted) {
      int hash = (int) cut & (FILTER_BITS - 1);
      filter[hash / Long.SIZE] |= 1L << hash;
    }
    List<Long> found = new ArrayList<>();
    for (int number = 0; number <= full.size(); number++) {
      Chunk chunk = number < full.size() ? full.get(number) : last;
      int size = number < full.size() ? CHUNK : lastSize;
      for (int i = 0; i < size; i++) {
        int hash = (int) chunk.cuts[i] & (FILTER_BITS - 1);
        if ((filter[hash / Long.SIZE] & 1L << hash) != 0
            && Arrays.binarySearch(sorted, chunk.cuts[i]) >= 0
            && found.size() < most) {
          found.add((long) number * CHUNK + i);
        }
      }
    }
    return found;
  }

  /// A small log takes little: a simulation has thousands.
  private static final int FIRST = 64;

  /// 8 KiB: of a thousand ids one in sixty-four others passes the filter.
  private static final int FILTER_BITS = 65_536;
}
