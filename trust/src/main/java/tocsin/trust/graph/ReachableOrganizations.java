package tocsin.trust.graph;

import java.util.Arrays;
import java.util.NavigableSet;
import java.util.TreeSet;
import tocsin.trust.OrganizationId;

/// S(anchor): the organizations that were ever reachable from one anchor by vouches within depth,
/// whose statements a node carries. Expiry, withdrawal, revocation and scope play no part, and any
/// valid version of a profile counts, so membership only grows: two nodes with the same statements
/// agree on it whatever their clocks and policies say.
final class ReachableOrganizations {
  /// d(anchor). The same in the whole network, and no policy's depth is greater.
  static final int DEPTH = 8;

  private final Vouches vouches;

  /// By number: how many vouches may still follow from here, and one more; 0: not reached.
  private byte[] depths;

  /// Forks read the same array, until one of them has to write.
  private boolean shared;

  private int size;

  ReachableOrganizations(OrganizationId anchor, Vouches vouches) {
    this.vouches = vouches;
    this.depths = new byte[vouches.roster().size() + 1];
    reach(vouches.roster().number(anchor), DEPTH);
  }

  private ReachableOrganizations(ReachableOrganizations before, Vouches vouches) {
    this.vouches = vouches;
    this.depths = before.depths;
    this.shared = true;
    this.size = before.size;
  }

  ReachableOrganizations fork(Vouches itsVouches) {
    shared = true;
    return new ReachableOrganizations(this, itsVouches);
  }

  /// To be called when anything changed about this organization's vouches.
  void spreadFrom(OrganizationId organization) {
    int changed = vouches.roster().find(organization);
    int depth = depthOf(changed);
    if (depth >= 1) {
      spread(changed, depth);
    }
  }

  /// To be called when there is one more vouch of this organization, and else nothing changed.
  void spreadAlong(OrganizationId issuer, Vouching vouching) {
    int depth = depthOf(vouches.roster().find(issuer));
    if (depth >= 1 && vouching.listedEver()) {
      reach(vouches.roster().number(vouching.subject()), further(vouching.vettingDepth(), depth));
    }
  }

  /// -1 if it is not reached.
  private int depthOf(int number) {
    return number < 0 || number >= depths.length ? -1 : depths[number] - 1;
  }

  private static int further(int vettingDepth, int issuerDepth) {
    return Math.max(Math.min(vettingDepth, issuerDepth - 1), 0);
  }

  private boolean raise(int number, int depth) {
    if (depthOf(number) >= depth) {
      return false;
    }
    if (number >= depths.length) {
      depths = Arrays.copyOf(depths, Math.max(2 * depths.length, number + 1));
      shared = false;
    } else if (shared) {
      depths = depths.clone();
      shared = false;
    }
    size += depths[number] == 0 ? 1 : 0;
    depths[number] = (byte) (depth + 1);
    return true;
  }

  private void reach(int number, int depth) {
    if (raise(number, depth) && depth >= 1) {
      spread(number, depth);
    }
  }

  /// By falling depth: each organization's vouches are looked at once for every depth it comes to
  /// have, and in a first spreading that is once.
  private void spread(int from, int fromDepth) {
    Numbers[] waiting = new Numbers[DEPTH + 1];
    for (int depth = 0; depth <= DEPTH; depth++) {
      waiting[depth] = new Numbers();
    }
    waiting[fromDepth].add(from);
    for (int depth = fromDepth; depth >= 1; depth--) {
      Numbers here = waiting[depth];
      for (int i = 0; i < here.size(); i++) {
        if (depthOf(here.get(i)) == depth) {
          follow(here.get(i), depth, waiting);
        }
      }
    }
  }

  private void follow(int issuer, int depth, Numbers[] waiting) {
    if (vouches.isChanged(issuer)) {
      for (Vouching it : vouches.of(issuer)) {
        if (it.listedEver()) {
          follow(vouches.roster().number(it.subject()), it.vettingDepth(), depth, waiting);
        }
      }
      return;
    }
    VouchTable table = vouches.table();
    int end = table.endOfRowsOf(issuer);
    for (int row = table.firstRowOf(issuer); row < end; row++) {
      if (table.isListedEver(row)) {
        follow(table.subject(row), table.vettingDepth(row), depth, waiting);
      }
    }
  }

  private void follow(int subject, int vettingDepth, int issuerDepth, Numbers[] waiting) {
    int further = further(vettingDepth, issuerDepth);
    if (raise(subject, further)) {
      waiting[further].add(subject);
    }
  }

  boolean contains(OrganizationId organization) {
    return depthOf(vouches.roster().find(organization)) >= 0;
  }

  int size() {
    return size;
  }

  NavigableSet<OrganizationId> all() {
    TreeSet<OrganizationId> all = new TreeSet<>();
    for (int number = 0; number < depths.length; number++) {
      if (depths[number] > 0) {
        all.add(vouches.roster().id(number));
      }
    }
    return all;
  }
}
