package tocsin.node.resolver;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;

/// What a test needs of its machine. Missing things skip the test, with a sentence; where
/// `TOCSIN_REQUIRE_RESOLVERS` (comma-separated) lists them, they fail it.
public final class Needs {
  private Needs() {}

  /// @param what the name in the environment variable, "unbound"
  public static void need(String what, boolean present, String missing) {
    String required = System.getenv().getOrDefault("TOCSIN_REQUIRE_RESOLVERS", "");
    if (!present && List.of(required.split("[, ]+")).contains(what)) {
      fail(missing + " (and TOCSIN_REQUIRE_RESOLVERS asks for " + what + ")");
    }
    assumeTrue(present, missing);
  }
}
