package tocsin.trust.graph;

import java.util.NavigableSet;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;

/// Everybody who can be reached from the anchors, with depth and roles: the same rules as [Reach],
/// for all organizations at once, forwards.
final class WholeWeb {
  private static final byte REACHED = 1;
  private static final byte VETTER = 2;
  private static final byte SUBMITTER = 4;
  private static final byte ANCHOR = 8;

  private final Vouches vouches;
  private final Reach.Question question;

  /// By number in the roster, as all here.
  private final byte[] marks;

  private final byte[] depths;
  private int reached;

  WholeWeb(TrustGraph graph, Reach.Question question) {
    this.vouches = graph.settledVouches();
    this.question = question;
    for (OrganizationId anchor : question.anchors()) {
      vouches.roster().number(anchor);
    }
    this.marks = new byte[vouches.roster().size()];
    this.depths = new byte[marks.length];
    spread();
  }

  /// By falling depth, as in Dijkstra's algorithm: the first time an organization comes up, its
  /// depth is final.
  private void spread() {
    Numbers[] byDepth = new Numbers[question.depth() + 1];
    for (int depth = 0; depth < byDepth.length; depth++) {
      byDepth[depth] = new Numbers();
    }
    for (OrganizationId anchor : question.anchors()) {
      int number = vouches.roster().number(anchor);
      marks[number] = REACHED | VETTER | SUBMITTER | ANCHOR;
      depths[number] = (byte) question.depth();
      byDepth[question.depth()].add(number);
      reached++;
    }
    Worth worth = new Worth(question.view(), question.names());
    for (int depth = question.depth(); depth >= 1; depth--) {
      Numbers here = byDepth[depth];
      int depthHere = depth;
      for (int i = 0; i < here.size(); i++) {
        if (depths[here.get(i)] != depth) {
          continue;
        }
        if (question.names().isEmpty() && !vouches.isChanged(here.get(i))) {
          followRows(here.get(i), depth, byDepth);
        } else {
          vouches.visitSubjects(
              here.get(i),
              worth,
              (_, subject, worthOfIt) ->
                  follow(
                      subject,
                      Math.min(worthOfIt.vetting(), depthHere - 1),
                      worthOfIt.submitting(),
                      byDepth));
        }
      }
    }
  }

  /// The same as by [Vouches#visitSubjects], where names play no part: there are a million rows.
  /// One vouch after the other may be followed then, for the best of them decides.
  private void followRows(int issuer, int depth, Numbers[] byDepth) {
    VouchTable.Rows rows = vouches.table().byIssuer();
    int end = rows.end(issuer);
    for (int row = rows.first(issuer); row < end; row++) {
      int further = Math.min(rows.vettingDepth(row), depth - 1);
      boolean submitting = rows.isSubmitting(row);
      if (tellsMore(rows.other(row), further, submitting)
          && rows.isAdmissible(row, question.view())) {
        follow(rows.other(row), further, submitting, byDepth);
      }
    }
  }

  /// Of most rows: no.
  private boolean tellsMore(int subject, int further, boolean submitting) {
    byte mark = marks[subject];
    return (submitting && (mark & SUBMITTER) == 0)
        || (further >= 0 && ((mark & VETTER) == 0 || further > depths[subject]));
  }

  private void follow(int subject, int further, boolean submitting, Numbers[] byDepth) {
    byte mark = marks[subject];
    if ((mark & ANCHOR) != 0
        || (further < 0 && !submitting)
        || ((mark & REACHED) == 0 && question.isRevoked().test(vouches.roster().id(subject)))) {
      return;
    }
    reached += (mark & REACHED) == 0 ? 1 : 0;
    marks[subject] =
        (byte) (mark | REACHED | (further >= 0 ? VETTER : 0) | (submitting ? SUBMITTER : 0));
    if (further > depths[subject]) {
      depths[subject] = (byte) further;
      byDepth[further].add(subject);
    }
  }

  /// How many, with the anchors.
  int reached() {
    return reached;
  }

  /// Ascending.
  NavigableSet<OrganizationId> all() {
    NavigableSet<OrganizationId> all = new TreeSet<>();
    for (int number = 0; number < marks.length; number++) {
      if ((marks[number] & REACHED) != 0) {
        all.add(vouches.roster().id(number));
      }
    }
    return all;
  }
}
