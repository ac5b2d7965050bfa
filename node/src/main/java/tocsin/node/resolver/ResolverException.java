package tocsin.node.resolver;

/// An operation on a resolver failed. The message is one sentence for a person: which resolver,
/// what was tried, what is wrong. Nothing is known about whether the operation had its effect; all
/// of them may be repeated.
public sealed class ResolverException extends Exception permits KeptException {
  private static final long serialVersionUID = 1L;

  public ResolverException(String message) {
    super(message);
  }

  public ResolverException(String message, Throwable cause) {
    super(message, cause);
  }
}
