package tocsin.node.config;

import java.util.Collection;
import java.util.Optional;

/// "Did you mean": the known word nearest to a mistyped one.
public final class Suggestion {
  private Suggestion() {}

  /// The candidate with the fewest edits (Damerau, restricted), if a third of the word or less is
  /// wrong; of several, the first.
  public static Optional<String> closest(String word, Collection<String> candidates) {
    int best = Math.max(1, word.length() / 3) + 1;
    Optional<String> closest = Optional.empty();
    for (String candidate : candidates) {
      int edits = edits(word, candidate);
      if (edits < best) {
        best = edits;
        closest = Optional.of(candidate);
      }
    }
    return closest;
  }

  /// Insertions, deletions, replacements and swaps of neighbours that make one word the other.
  static int edits(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        if (swapped) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[from.length()][to.length()];
  }
}
