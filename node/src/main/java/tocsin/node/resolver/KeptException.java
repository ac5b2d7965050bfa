package tocsin.node.resolver;

/// A resolver has something of its operator's own where ours should go: it is kept as it is, and
/// ours is not put. Asking again changes nothing until the operator does.
public final class KeptException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /// @param resolver as the operator calls it
  /// @param what it has, "a stub zone checkfree.test."
  KeptException(String resolver, String what) {
    super(
        "resolver "
            + resolver
            + " has "
            + what
            + " of its operator's own, which stays as it is: name servers are not corrected there;"
            + " take it out, or see to it that it asks the right servers");
  }
}
