package tocsin.trust.graph;

/// Whether a node carries a statement (logs it and passes it on), which is another question than
/// whether it acts on it. What is carried once is carried for ever, so that nodes with the same
/// statements and anchors agree.
public sealed interface Carriage {
  record Carried() implements Carriage {}

  /// @param reason one sentence, for people
  /// @param mayChange later statements, anchors or time can turn this: keep it for another look
  record NotCarried(String reason, boolean mayChange) implements Carriage {}
}
