package tocsin.node.core;

import com.google.protobuf.ByteString;

/// A guess how many ids two sets differ in, from a byte each of some of their symbols. A symbol
/// that is the same on both sides has none of the differences, which happens with probability (1 -
/// p)^d for d differences and a symbol to which each id is mapped with probability p: the d for
/// which what is seen is likeliest is the guess (the idea of the strata estimator of Eppstein,
/// Goodrich, Uyeda, Varghese: What's the Difference?, SIGCOMM 2011, without its tables: the symbols
/// are there already).
final class DifferenceSketch {
  /// Of each doubling of the index so many symbols are looked at: the guess is an eighth off, as a
  /// rule.
  private static final int PER_OCTAVE = 24;

  private static final int FIRST_OCTAVE = 16;
  private static final int OCTAVES = 8;

  /// Bytes of a sketch.
  static final int SIZE_BYTES = FIRST_OCTAVE + OCTAVES * PER_OCTAVE;

  private static final double ROUGH_STEP = 2;
  private static final double CLOSE_STEP = 1.05;

  /// Two different symbols have the same byte that often.
  private static final double CHANCE = 1.0 / 256;

  private static final int LOGARITHM_EACH = 16;

  /// By place in the sketch.
  private static final double[] LOG_NOT_MAPPED = new double[SIZE_BYTES];

  static {
    for (int i = 0; i < SIZE_BYTES; i++) {
      double mapped = 1 / (1 + index(i) / 2.0);
      // To the first symbol every id is mapped; a logarithm of zero times a number is no number.
      LOG_NOT_MAPPED[i] = mapped == 1 ? -1e9 : StrictMath.log(1 - mapped);
    }
  }

  private DifferenceSketch() {}

  static ByteString of(RatelessSymbols symbols) {
    byte[] bytes = new byte[SIZE_BYTES];
    for (int i = 0; i < SIZE_BYTES; i++) {
      bytes[i] = symbols.fingerprint(index(i));
    }
    return ByteString.copyFrom(bytes);
  }

  /// The first sixteen, then some of each doubling, equally far apart.
  private static int index(int place) {
    if (place < FIRST_OCTAVE) {
      return place;
    }
    int octave = (place - FIRST_OCTAVE) / PER_OCTAVE;
    int step = (place - FIRST_OCTAVE) % PER_OCTAVE;
    return (FIRST_OCTAVE << octave) + step * (FIRST_OCTAVE << octave) / PER_OCTAVE;
  }

  /// @return the likeliest number of differences, at least 1 unless both are the same, at most
  ///   `most`
  /// @throws IllegalArgumentException if one of them is no sketch
  static int guess(ByteString ours, ByteString theirs, int most) {
    if (ours.size() != SIZE_BYTES || theirs.size() != SIZE_BYTES) {
      throw new IllegalArgumentException("a sketch has " + SIZE_BYTES + " bytes");
    }
    if (ours.equals(theirs)) {
      return 0;
    }
    // Roughly first, then closely around the best: the likelihood has one maximum.
    double rough = likeliest(ours, theirs, 1, most, ROUGH_STEP);
    return (int)
        likeliest(
            ours,
            theirs,
            Math.max(rough / ROUGH_STEP, 1),
            Math.min(rough * ROUGH_STEP, most),
            CLOSE_STEP);
  }

  private static double likeliest(
      ByteString ours, ByteString theirs, double from, double to, double step) {
    double best = from;
    double bestLikelihood = Double.NEGATIVE_INFINITY;
    for (double d = from; d <= to; d *= step) {
      double likelihood = 0;
      double product = 1;
      for (int i = 0; i < SIZE_BYTES; i++) {
        double none = StrictMath.exp(d * LOG_NOT_MAPPED[i]);
        double same = none + (1 - none) * CHANCE;
        product *= ours.byteAt(i) == theirs.byteAt(i) ? same : 1 - same;
        if (i % LOGARITHM_EACH == 0) {
          // Sixteen factors of 1/256 or more are far from underflow.
          likelihood += StrictMath.log(product);
          product = 1;
        }
      }
      likelihood += StrictMath.log(product);
      if (likelihood > bestLikelihood) {
        bestLikelihood = likelihood;
        best = d;
      }
    }
    return best;
  }
}
