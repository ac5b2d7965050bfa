package tocsin.storage;

import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// A program that a test needs and that may be missing. Where `TOCSIN_REQUIRE_RESOLVERS` lists it,
/// the test fails without it; elsewhere it is skipped.
final class RequiredProgram {
  private RequiredProgram() {}

  /// @param works whether it ran and did what it is needed for
  static void check(String name, boolean works) {
    String required = System.getenv().getOrDefault("TOCSIN_REQUIRE_RESOLVERS", "");
    String missing = name + " is not installed, or may not do here what the test needs";
    if (Arrays.asList(required.split(",")).contains(name)) {
      Assertions.assertTrue(works, missing);
    }
    Assumptions.assumeTrue(works, missing);
  }
}
