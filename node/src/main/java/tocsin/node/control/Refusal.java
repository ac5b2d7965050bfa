package tocsin.node.control;

import io.grpc.Status;

/// A request that ends in a gRPC status, with one plain sentence.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Status status;

  private Refusal(Status status, String sentence) {
    super(sentence, null, false, false);
    this.status = status.withDescription(sentence);
  }

  static Refusal badInput(String sentence) {
    return new Refusal(Status.INVALID_ARGUMENT, sentence);
  }

  static Refusal notFound(String sentence) {
    return new Refusal(Status.NOT_FOUND, sentence);
  }

  static Refusal notTrusted(String sentence) {
    return new Refusal(Status.PERMISSION_DENIED, sentence);
  }

  static Refusal unavailable(String sentence) {
    return new Refusal(Status.UNAVAILABLE, sentence);
  }

  Status status() {
    return status;
  }
}
