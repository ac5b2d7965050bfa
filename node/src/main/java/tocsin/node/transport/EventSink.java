package tocsin.node.transport;

import tocsin.node.core.Event;

/// Where the transport's events go: the loop's inbox. Called by several worker threads at once;
/// events of one peer come one after the other, in order.
@FunctionalInterface
public interface EventSink {
  /// Hands over one event. If the inbox is full this waits: nothing is dropped, and the wait is
  /// what slows the peers down.
  ///
  /// @param handled to be run once, on any thread, when the event's turn is over; it does not
  ///   block. Until then the event counts against its peer's frames under way. An inbox that runs
  ///   it at once is still bounded, but lets one peer fill it
  /// @throws InterruptedException if the transport was closed while it waited
  void put(Event event, Runnable handled) throws InterruptedException;
}
