package tocsin.trust.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import tocsin.trust.DnsName;

/// All vouches in columns, one row each, those of one issuer together and of those the ones for one
/// subject together; and, for each subject, which rows speak of it: the two compressed sparse row
/// forms of the graph. 34 bytes a vouch. Never changed: forks and judges share it.
final class VouchTable {
  static final VouchTable EMPTY = new VouchTable(0, 0);

  private static final int DEPTH_MASK = 0x1f;
  private static final int VETTER = 0x20;
  private static final int SUBMITTER = 0x40;
  private static final int LISTED_NOW = 0x80;
  private static final int LISTED_EVER = 0x100;
  private static final int STOPPED = 0x200;
  private static final int USUAL = LISTED_NOW | LISTED_EVER;

  private final int organizations;
  private final int[] outStart;
  private final int[] inStart;

  /// By subject; rows of one issuer together, issuers ascending by number.
  private final int[] inRow;

  private final int[] issuer;
  private final int[] subject;
  private final int[] scopes;
  private final short[] bits;
  private final long[] issuedAtMillis;
  private final long[] expiresAtMillis;

  /// Of the few that were ever stopped, by row.
  private final TreeMap<Integer, Long> stoppedAtMillis = new TreeMap<>();

  private final List<List<DnsName>> scopeSets = new ArrayList<>();

  private VouchTable(int organizations, int rows) {
    this.organizations = organizations;
    this.outStart = new int[organizations + 1];
    this.inStart = new int[organizations + 1];
    this.inRow = new int[rows];
    this.issuer = new int[rows];
    this.subject = new int[rows];
    this.scopes = new int[rows];
    this.bits = new short[rows];
    this.issuedAtMillis = new long[rows];
    this.expiresAtMillis = new long[rows];
  }

  interface Source {
    /// By subject, for this issuer.
    List<Vouching> vouchings(int issuer);
  }

  /// @param roster every organization that the vouches speak of has a number below its size
  static VouchTable of(Roster roster, Source source) {
    int organizations = roster.size();
    int rows = 0;
    for (int from = 0; from < organizations; from++) {
      rows += source.vouchings(from).size();
    }
    VouchTable table = new VouchTable(organizations, rows);
    TreeMap<List<DnsName>, Integer> sets = new TreeMap<>(VouchTable::compare);
    int row = 0;
    for (int from = 0; from < organizations; from++) {
      table.outStart[from] = row;
      for (Vouching it : source.vouchings(from)) {
        table.fill(row++, from, roster.number(it.subject()), it, sets);
      }
    }
    table.outStart[organizations] = row;
    table.index();
    return table;
  }

  private void fill(int row, int from, int to, Vouching it, TreeMap<List<DnsName>, Integer> sets) {
    issuer[row] = from;
    subject[row] = to;
    Integer set = sets.get(it.scopes());
    if (set == null) {
      set = scopeSets.size();
      sets.put(it.scopes(), set);
      scopeSets.add(it.scopes());
    }
    scopes[row] = set;
    bits[row] =
        (short)
            (Math.max(it.vettingDepth(), 0)
                | (it.vettingDepth() >= 0 ? VETTER : 0)
                | (it.submitting() ? SUBMITTER : 0)
                | (it.listedNow() ? LISTED_NOW : 0)
                | (it.listedEver() ? LISTED_EVER : 0)
                | (it.stoppedAtMillis() == Long.MAX_VALUE ? 0 : STOPPED));
    if (it.stoppedAtMillis() != Long.MAX_VALUE) {
      stoppedAtMillis.put(row, it.stoppedAtMillis());
    }
    issuedAtMillis[row] = it.issuedAtMillis();
    expiresAtMillis[row] = it.expiresAtMillis();
  }

  /// Rows by subject, by counting.
  private void index() {
    for (int to : subject) {
      inStart[to + 1]++;
    }
    for (int to = 0; to < organizations; to++) {
      inStart[to + 1] += inStart[to];
    }
    int[] next = inStart.clone();
    for (int row = 0; row < subject.length; row++) {
      inRow[next[subject[row]]++] = row;
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

  int rows() {
    return subject.length;
  }

  long sizeBytes() {
    return 34L * subject.length + 8L * organizations;
  }

  int firstRowOf(int from) {
    return outStart[from];
  }

  int endOfRowsOf(int from) {
    return outStart[from + 1];
  }

  int firstRowFor(int to) {
    return inStart[to];
  }

  int endOfRowsFor(int to) {
    return inStart[to + 1];
  }

  /// @param at between [#firstRowFor] and [#endOfRowsFor]
  int rowFor(int at) {
    return inRow[at];
  }

  int issuer(int row) {
    return issuer[row];
  }

  int subject(int row) {
    return subject[row];
  }

  boolean isAdmissible(int row, View view) {
    int flags = bits[row];
    if ((flags & USUAL) == USUAL && (flags & STOPPED) == 0) {
      // The same, for nearly all, without a detour.
      return view.atMillis() < expiresAtMillis[row]
          && (!view.latestProfiles()
              || issuedAtMillis[row] <= view.atMillis() + TrustPolicy.MAX_CLOCK_SKEW_MILLIS);
    }
    return Vouching.isAdmissible(
        view,
        (flags & LISTED_NOW) != 0,
        (flags & LISTED_EVER) != 0,
        (flags & STOPPED) == 0 ? Long.MAX_VALUE : stoppedAtMillis.getOrDefault(row, 0L),
        issuedAtMillis[row],
        expiresAtMillis[row]);
  }

  boolean isListedEver(int row) {
    return (bits[row] & LISTED_EVER) != 0;
  }

  /// -1 if it does not give the vetter's role.
  int vettingDepth(int row) {
    int flags = bits[row];
    return (flags & VETTER) == 0 ? -1 : flags & DEPTH_MASK;
  }

  boolean isSubmitting(int row) {
    return (bits[row] & SUBMITTER) != 0;
  }

  List<DnsName> scopes(int row) {
    return scopeSets.get(scopes[row]);
  }

  /// Some vouch of this organization for that one is here.
  boolean has(int from, int to) {
    if (from >= organizations || to >= organizations) {
      return false;
    }
    int low = inStart[to];
    int high = inStart[to + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (issuer[inRow[middle]] < from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < inStart[to + 1] && issuer[inRow[low]] == from;
  }
}
