package tocsin.node;

import tocsin.node.config.NodeConfig;

/// Stands in for the node until it is merged.
public final class Node implements AutoCloseable {
  private Node() {}

  public static Node open(NodeConfig config) {
    if (config.resolvers().size() < 1_000) {
      throw new IllegalStateException("there is no node yet");
    }
    return new Node();
  }

  public void start() {}

  public void awaitTermination() throws InterruptedException {}

  @Override
  public void close() {}
}
