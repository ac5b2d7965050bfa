package tocsin.node.loop;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.control.Requests;
import tocsin.node.core.Effect;
import tocsin.node.dns.OverlayPublisher;
import tocsin.node.resolver.Actuator;
import tocsin.node.transport.PeerConnections;

/// Where the core's effects go, each to its edge. Runs on the loop's thread, after the commit, and
/// never blocks: every edge has its own bounded queue.
public final class EffectRunner implements Consumer<Effect> {
  private static final Logger LOG = LoggerFactory.getLogger("tocsin.node");

  private final PeerConnections connections;
  private final OverlayPublisher publisher;
  private final Actuator actuator;
  private final Requests requests;
  private final AuditFile audit;
  private final Consumer<Effect.Shown> viewers;

  /// @param viewers told how alerts stand; must not block
  public EffectRunner(
      PeerConnections connections,
      OverlayPublisher publisher,
      Actuator actuator,
      Requests requests,
      AuditFile audit,
      Consumer<Effect.Shown> viewers) {
    this.connections = connections;
    this.publisher = publisher;
    this.actuator = actuator;
    this.requests = requests;
    this.audit = audit;
    this.viewers = viewers;
  }

  @Override
  public void accept(Effect effect) {
    switch (effect) {
      case Effect.Send it -> connections.send(it.peer(), it.frame(), it.priority());
      case Effect.Dial it -> connections.dial(it.address());
      case Effect.Disconnect it -> connections.disconnect(it.peer(), it.reason());
      case Effect.Reply it -> requests.answer(it.request(), it.answer());
      case Effect.ServeOverlay it -> publisher.overlay(it.overlay(), it.serial());
      case Effect.ServeListings it -> publisher.listings(it.changes());
      case Effect.ShowAlerts it -> it.alerts().forEach(viewers);
      case Effect.Actuate it -> actuator.actuate(it);
      case Effect.CheckDelegation it -> actuator.check(it);
      case Effect.Audit it -> audit.append(it.line());
      case Effect.KeepProof it -> audit.keepProof(it.name(), it.text());
      case Effect.Notice it -> {
        switch (it.level()) {
          case INFO -> LOG.info("{}", it.text());
          case WARNING -> LOG.warn("{}", it.text());
          case ALARM -> LOG.error("{}", it.text());
        }
      }
      case Effect.Halt it -> throw new AssertionError("the loop halts itself: " + it.reason());
    }
  }
}
