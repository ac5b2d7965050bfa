package tocsin.trust.graph;

import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;

/// Who vouches for whom: a [VouchTable] of all vouches as they were at some time, and what has
/// changed since. Issuers whose vouches changed are looked up one by one ([Speaker]) until there
/// are so many changes that a new table is worth its cost.
final class Vouches {
  /// Each change pays for so many rows of the next table, which costs some 100 ns a row.
  private static final int ROWS_PER_CHANGE = 8;

  /// Before so many changes there is no table.
  private static final int MIN_CHANGES = 1_024;

  interface Speakers {
    Speaker speaker(OrganizationId organization);
  }

  /// Told of the vouches of one organization for another, those of a pair together.
  interface Visitor {
    void visit(int issuer, int subject, Worth worth);
  }

  private final Roster roster;
  private final Speakers speakers;
  private VouchTable table;

  /// Issuers whose rows in the table are not what they vouch now.
  private final BitSet changed = new BitSet();

  /// By subject: who has vouched for it since the table was made.
  private final TreeMap<Integer, TreeSet<Integer>> since = new TreeMap<>();

  private long changes;

  Vouches(Roster roster, Speakers speakers) {
    this(roster, speakers, VouchTable.EMPTY);
  }

  private Vouches(Roster roster, Speakers speakers, VouchTable table) {
    this.roster = roster;
    this.speakers = speakers;
    this.table = table;
  }

  /// The table is shared; the changes are put into it first.
  Vouches fork(Speakers itsSpeakers) {
    if (changes > 0) {
      pack();
    }
    return new Vouches(roster.fork(), itsSpeakers, table);
  }

  Roster roster() {
    return roster;
  }

  VouchTable table() {
    return table;
  }

  void added(OrganizationId issuer, OrganizationId subject) {
    since.computeIfAbsent(roster.number(subject), _ -> new TreeSet<>()).add(roster.number(issuer));
    changed(issuer);
  }

  /// Something about this organization's vouches changed.
  void changed(OrganizationId issuer) {
    changed.set(roster.number(issuer));
    changes++;
  }

  boolean isChanged(int issuer) {
    return issuer >= table.organizations() || changed.get(issuer);
  }

  List<Vouching> of(int issuer) {
    return speakers.speaker(roster.id(issuer)).vouchings();
  }

  /// To be called before questions are asked.
  void settle() {
    if (changes > MIN_CHANGES + table.rows() / ROWS_PER_CHANGE) {
      pack();
    }
  }

  /// Makes a table of all that is known now. Changes no answer.
  void pack() {
    table = VouchTable.of(roster, this::of);
    changed.clear();
    since.clear();
    changes = 0;
  }

  /// All who vouched for this organization, each once, whatever it is worth.
  void visitIssuers(int subject, Worth worth, Visitor visitor) {
    if (subject < table.organizations()) {
      int end = table.endOfRowsFor(subject);
      int at = table.firstRowFor(subject);
      while (at < end) {
        int issuer = table.issuer(table.rowFor(at));
        worth.clear();
        boolean current = !changed.get(issuer);
        for (; at < end && table.issuer(table.rowFor(at)) == issuer; at++) {
          if (current) {
            add(table.rowFor(at), worth);
          }
        }
        if (!current) {
          addAll(issuer, subject, worth);
        }
        visitor.visit(issuer, subject, worth);
      }
    }
    TreeSet<Integer> latest = since.get(subject);
    if (latest != null) {
      for (int issuer : latest) {
        if (!table.has(issuer, subject)) {
          worth.clear();
          addAll(issuer, subject, worth);
          visitor.visit(issuer, subject, worth);
        }
      }
    }
  }

  private void add(int row, Worth worth) {
    if (table.isAdmissible(row, worth.view())) {
      worth.add(table.vettingDepth(row), table.isSubmitting(row), table.scopes(row));
    }
  }

  private void addAll(int issuer, int subject, Worth worth) {
    Speaker speaker = speakers.speaker(roster.id(issuer));
    for (Vouching it : speaker.vouchingsFor(roster.id(subject))) {
      worth.add(it);
    }
  }

  /// All for whom this organization vouched, each once.
  void visitSubjects(int issuer, Worth worth, Visitor visitor) {
    if (!isChanged(issuer)) {
      int end = table.endOfRowsOf(issuer);
      int row = table.firstRowOf(issuer);
      while (row < end) {
        int subject = table.subject(row);
        worth.clear();
        for (; row < end && table.subject(row) == subject; row++) {
          add(row, worth);
        }
        visitor.visit(issuer, subject, worth);
      }
      return;
    }
    List<Vouching> all = of(issuer);
    int at = 0;
    while (at < all.size()) {
      OrganizationId subject = all.get(at).subject();
      worth.clear();
      for (; at < all.size() && all.get(at).subject().equals(subject); at++) {
        worth.add(all.get(at));
      }
      visitor.visit(issuer, roster.number(subject), worth);
    }
  }

  /// Organizations that ever vouched for this one.
  TreeSet<OrganizationId> issuersFor(OrganizationId organization) {
    TreeSet<OrganizationId> all = new TreeSet<>();
    int subject = roster.find(organization);
    if (subject >= 0 && subject < table.organizations()) {
      for (int at = table.firstRowFor(subject); at < table.endOfRowsFor(subject); at++) {
        all.add(roster.id(table.issuer(table.rowFor(at))));
      }
    }
    TreeSet<Integer> latest = since.get(subject);
    if (latest != null) {
      latest.forEach(issuer -> all.add(roster.id(issuer)));
    }
    return all;
  }
}
