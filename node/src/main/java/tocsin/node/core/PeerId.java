package tocsin.node.core;

/// Names one stream to one peer, for as long as it lives; a number that the transport counts up.
public record PeerId(long number) implements Comparable<PeerId> {
  @Override
  public int compareTo(PeerId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return "peer " + number;
  }
}
