package tocsin.trust.graph;

import java.util.Arrays;
import java.util.List;
import tocsin.trust.DnsName;

/// What all admissible vouches of one organization for another are worth together, for certain
/// names: they add up per name, and are as good as they are for the worst of the names. Without
/// names: for whatever names there may be.
final class Worth {
  private final View view;
  private final List<DnsName> names;
  private final int[] vettingByName;
  private final boolean[] submittingByName;

  Worth(View view, List<DnsName> names) {
    this.view = view;
    this.names = names;
    this.vettingByName = new int[Math.max(names.size(), 1)];
    this.submittingByName = new boolean[vettingByName.length];
  }

  void clear() {
    Arrays.fill(vettingByName, -1);
    Arrays.fill(submittingByName, false);
  }

  void add(Vouching vouching) {
    if (vouching.isAdmissible(view)) {
      add(vouching.vettingDepth(), vouching.submitting(), vouching.scopes());
    }
  }

  /// Counts a vouch that is known to be admissible.
  void add(int vettingDepth, boolean isSubmitting, List<DnsName> scopes) {
    for (int name = 0; name < vettingByName.length; name++) {
      if (names.isEmpty() || covers(scopes, names.get(name))) {
        vettingByName[name] = Math.max(vettingByName[name], vettingDepth);
        submittingByName[name] |= isSubmitting;
      }
    }
  }

  private static boolean covers(List<DnsName> scopes, DnsName name) {
    for (DnsName scope : scopes) {
      if (name.isAtOrBelow(scope)) {
        return true;
      }
    }
    return false;
  }

  View view() {
    return view;
  }

  /// How many vouches may follow; -1 if the vetter's role is not given.
  int vetting() {
    int least = vettingByName[0];
    for (int depth : vettingByName) {
      least = Math.min(least, depth);
    }
    return least;
  }

  boolean submitting() {
    for (boolean here : submittingByName) {
      if (!here) {
        return false;
      }
    }
    return true;
  }
}
