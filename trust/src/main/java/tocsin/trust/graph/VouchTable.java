package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tocsin.trust.DnsName;

/// All vouches as rows, twice: those of one issuer together, and those for one subject together;
/// the two compressed sparse row forms of the graph, 24 bytes a row, so that whoever follows
/// vouches in either direction reads memory from front to back. Never changed: forks and judges
/// share it.
final class VouchTable {
  static final VouchTable EMPTY = new VouchTable(0, 0);

  /// A time of the year 9999 in milliseconds has 48 bits; the flags stand above it.
  private static final int TIME_BITS = 48;

  private static final long TIME_MASK = (1L << TIME_BITS) - 1;

  private static final int DEPTH_MASK = 0x1f;
  private static final int VETTER = 0x20;
  private static final int SUBMITTER = 0x40;
  private static final int LISTED_NOW = 0x80;
  private static final int LISTED_EVER = 0x100;
  private static final int STOPPED = 0x200;
  private static final int USUAL = LISTED_NOW | LISTED_EVER;

  private static final int CELLS = 3;

  /// Rows of one direction. Three numbers each: flags and when it was issued; when it expires; the
  /// organization at the other end, and which scopes.
  final class Rows {
    private final int[] start;
    private final long[] cells;

    /// Of the few that were ever stopped, by row.
    private final TreeMap<Integer, Long> stoppedAtMillis = new TreeMap<>();

    private Rows(int rows) {
      this.start = new int[organizations + 1];
      this.cells = new long[CELLS * rows];
    }

    int first(int organization) {
      return start[organization];
    }

    int end(int organization) {
      return start[organization + 1];
    }

    int count() {
      return cells.length / CELLS;
    }

    private int flags(int row) {
      return (int) (cells[CELLS * row] >>> TIME_BITS);
    }

    /// The subject, in rows by issuer; the issuer, in rows by subject.
    int other(int row) {
      return (int) (cells[CELLS * row + 2] >>> 32);
    }

    List<DnsName> scopes(int row) {
      return scopeSets.get((int) cells[CELLS * row + 2]);
    }

    boolean isAdmissible(int row, View view) {
      int flags = flags(row);
      long issuedAt = cells[CELLS * row] & TIME_MASK;
      long expiresAt = cells[CELLS * row + 1];
      if ((flags & USUAL) == USUAL && (flags & STOPPED) == 0) {
        // The same, for nearly all, without a detour.
        return view.atMillis() < expiresAt
            && (!view.latestProfiles()
                || issuedAt <= view.atMillis() + TrustPolicy.MAX_CLOCK_SKEW_MILLIS);
      }
      return Vouching.isAdmissible(
          view,
          (flags & LISTED_NOW) != 0,
          (flags & LISTED_EVER) != 0,
          (flags & STOPPED) == 0 ? Long.MAX_VALUE : stoppedAtMillis.getOrDefault(row, 0L),
          issuedAt,
          expiresAt);
    }

    boolean isListedEver(int row) {
      return (flags(row) & LISTED_EVER) != 0;
    }

    /// -1 if it does not give the vetter's role.
    int vettingDepth(int row) {
      int flags = flags(row);
      return (flags & VETTER) == 0 ? -1 : flags & DEPTH_MASK;
    }

    boolean isSubmitting(int row) {
      return (flags(row) & SUBMITTER) != 0;
    }

    private void copy(Rows from, int row, int to, int other) {
      cells[CELLS * to] = from.cells[CELLS * row];
      cells[CELLS * to + 1] = from.cells[CELLS * row + 1];
      cells[CELLS * to + 2] = (long) other << 32 | (from.cells[CELLS * row + 2] & 0xffffffffL);
      Long stopped = from.stoppedAtMillis.get(row);
      if (stopped != null) {
        stoppedAtMillis.put(to, stopped);
      }
    }
  }

  private final int organizations;
  private final List<List<DnsName>> scopeSets = new ArrayList<>();
  private final Rows byIssuer;
  private final Rows bySubject;

  private VouchTable(int organizations, int rows) {
    this.organizations = organizations;
    this.byIssuer = new Rows(rows);
    this.bySubject = new Rows(rows);
  }

  interface Source {
    /// By subject, for this issuer.
    List<Vouching> vouchings(int issuer);
  }

  /// @param roster every organization that the vouches speak of has a number below its size
  static VouchTable of(Roster roster, Source source) {
    int organizations = roster.size();
    int rows = 0;
    for (int issuer = 0; issuer < organizations; issuer++) {
      rows += source.vouchings(issuer).size();
    }
    VouchTable table = new VouchTable(organizations, rows);
    TreeMap<List<DnsName>, Integer> sets = new TreeMap<>(VouchTable::compare);
    int row = 0;
    for (int issuer = 0; issuer < organizations; issuer++) {
      table.byIssuer.start[issuer] = row;
      for (Vouching it : source.vouchings(issuer)) {
        table.fill(row++, roster.number(it.subject()), it, sets);
      }
    }
    table.byIssuer.start[organizations] = row;
    table.turn();
    return table;
  }

  private void fill(int row, int subject, Vouching it, Map<List<DnsName>, Integer> sets) {
    Integer set = sets.get(it.scopes());
    if (set == null) {
      set = scopeSets.size();
      sets.put(it.scopes(), set);
      scopeSets.add(it.scopes());
    }
    boolean stopped = it.stoppedAtMillis() != Long.MAX_VALUE;
    int flags =
        Math.max(it.vettingDepth(), 0)
            | (it.vettingDepth() >= 0 ? VETTER : 0)
            | (it.submitting() ? SUBMITTER : 0)
            | (it.listedNow() ? LISTED_NOW : 0)
            | (it.listedEver() ? LISTED_EVER : 0)
            | (stopped ? STOPPED : 0);
    byIssuer.cells[CELLS * row] = (long) flags << TIME_BITS | it.issuedAtMillis();
    byIssuer.cells[CELLS * row + 1] = it.expiresAtMillis();
    byIssuer.cells[CELLS * row + 2] = (long) subject << 32 | set;
    if (stopped) {
      byIssuer.stoppedAtMillis.put(row, it.stoppedAtMillis());
    }
  }

  /// The same rows by subject, by counting; issuers ascending by number.
  private void turn() {
    int rows = byIssuer.count();
    for (int row = 0; row < rows; row++) {
      bySubject.start[byIssuer.other(row) + 1]++;
    }
    for (int subject = 0; subject < organizations; subject++) {
      bySubject.start[subject + 1] += bySubject.start[subject];
    }
    int[] next = bySubject.start.clone();
    for (int issuer = 0; issuer < organizations; issuer++) {
      for (int row = byIssuer.first(issuer); row < byIssuer.end(issuer); row++) {
        bySubject.copy(byIssuer, row, next[byIssuer.other(row)]++, issuer);
      }
    }
  }

  private static int compare(List<DnsName> a, List<DnsName> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Comparator.<Integer>naturalOrder().compare(a.size(), b.size());
  }

  /// Numbers below this one have rows here.
  int organizations() {
    return organizations;
  }

  Rows byIssuer() {
    return byIssuer;
  }

  Rows bySubject() {
    return bySubject;
  }

  long sizeBytes() {
    return 2 * Long.BYTES * (long) byIssuer.cells.length + 2L * Integer.BYTES * organizations;
  }

  /// Some vouch of this organization for that one is here.
  boolean has(int issuer, int subject) {
    if (issuer >= organizations || subject >= organizations) {
      return false;
    }
    int low = bySubject.first(subject);
    int high = bySubject.end(subject);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bySubject.other(middle) < issuer) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < bySubject.end(subject) && bySubject.other(low) == issuer;
  }
}
