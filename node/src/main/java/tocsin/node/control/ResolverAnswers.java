package tocsin.node.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.xbill.DNS.Type;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.NodeView;
import tocsin.node.core.Overlay;
import tocsin.node.loop.NodeLoop;
import tocsin.node.resolver.Actuator;
import tocsin.node.resolver.Answer;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.proto.FlushResolversReply;
import tocsin.proto.FlushResolversRequest;
import tocsin.proto.ListResolversReply;
import tocsin.proto.ResolverView;
import tocsin.proto.TestResolversReply;
import tocsin.proto.TestResolversRequest;
import tocsin.proto.WhyAlert;
import tocsin.proto.WhyAnswer;
import tocsin.proto.WhyReply;
import tocsin.proto.WhyRequest;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// The resolvers beside the node: listed, tried, flushed at an operator's word, and explained.
public final class ResolverAnswers {
  /// @param kind as in the configuration
  /// @param address where it answers questions
  public record Described(String kind, String address) {}

  private final NodeLoop loop;
  private final Actuator actuator;
  private final DnsName rpz;
  private final Supplier<Map<String, Described>> described;

  /// @param described each resolver, by name, as the configuration has it now
  public ResolverAnswers(
      NodeLoop loop, Actuator actuator, DnsName rpz, Supplier<Map<String, Described>> described) {
    this.loop = loop;
    this.actuator = actuator;
    this.rpz = rpz;
    this.described = described;
  }

  ListResolversReply list(NodeCore core) {
    ListResolversReply.Builder reply = ListResolversReply.newBuilder();
    Map<String, Described> all = described.get();
    for (NodeView.ResolverLine line : core.view().resolvers()) {
      Described it = all.getOrDefault(line.name(), new Described("", ""));
      reply.addResolvers(
          ResolverView.newBuilder()
              .setName(line.name())
              .setKind(it.kind())
              .setAddress(it.address())
              .setUp(line.up())
              .setDetail(line.detail())
              .setSerial(line.serial())
              .setBacklog(line.backlog())
              .setLagMillis(line.lagMillis()));
    }
    return reply.build();
  }

  private List<Resolver> chosen(String name) {
    if (name.isEmpty()) {
      return actuator.resolvers();
    }
    return List.of(
        actuator
            .resolver(name)
            .orElseThrow(
                () -> Refusal.notFound("no resolver is called " + References.shown(name))));
  }

  /// One trial at a time: there is one canary.
  private final ReentrantLock trial = new ReentrantLock();

  TestResolversReply test(TestResolversRequest request) {
    List<Resolver> tried = chosen(request.getResolver());
    trial.lock();
    try {
      return TestResolversReply.newBuilder()
          .addAllSteps(new ResolverTrial(loop, rpz, tried).run())
          .build();
    } finally {
      trial.unlock();
    }
  }

  FlushResolversReply flush(FlushResolversRequest request) {
    DnsName name = AlertAnswers.name(request.getName());
    FlushResolversReply.Builder reply = FlushResolversReply.newBuilder();
    for (Resolver resolver : chosen("")) {
      reply.addSteps(
          ResolverTrial.step(
              resolver,
              "flush " + name,
              () -> {
                resolver.flush(name);
                return "flushed with all below";
              }));
    }
    return reply.build();
  }

  /// What the core knows about a name.
  private record Known(List<WhyAlert> alerts, Optional<Overlay.Entry> entry, String verdict) {}

  WhyReply why(WhyRequest request) {
    DnsName name = AlertAnswers.name(request.getName());
    int type = Type.value(request.getType().isEmpty() ? "A" : request.getType(), true);
    if (type < 0) {
      throw Refusal.badInput("no record type is called " + References.shown(request.getType()));
    }
    Known known = loop.ask(core -> known(core, name));
    WhyReply.Builder reply =
        WhyReply.newBuilder()
            .setName(name.toString())
            .setType(Type.string(type))
            .addAllAlerts(known.alerts())
            .setVerdict(known.verdict());
    for (Resolver resolver : actuator.resolvers()) {
      reply.addAnswers(answer(resolver, new Question(name, type), known.entry()));
    }
    return reply.build();
  }

  private static WhyAnswer answer(
      Resolver resolver, Question question, Optional<Overlay.Entry> entry) {
    WhyAnswer.Builder view = WhyAnswer.newBuilder().setResolver(resolver.name());
    try {
      Answer answer = resolver.probe(question);
      boolean overlaid = entry.isPresent() && answer.isOf(entry.get().records());
      return view.addAllRecords(answer.texts())
          .setResponseCode(answer.status())
          .setSource(overlaid ? "overlay" : "ordinary")
          .build();
    } catch (ResolverException e) {
      return view.setSource("unreachable").setResponseCode(String.valueOf(e.getMessage())).build();
    }
  }

  private static Known known(NodeCore core, DnsName name) {
    NodeView view = core.view();
    List<WhyAlert> alerts = new ArrayList<>();
    String verdict = "no alert is known for " + name + ": resolvers answer what they find";
    for (var id : view.graph().alerts()) {
      Optional<IncidentBook.Standing> found =
          core.standing(id).filter(standing -> affects(standing.alert(), name));
      if (found.isEmpty()) {
        continue;
      }
      IncidentBook.Standing standing = found.get();
      alerts.add(
          WhyAlert.newBuilder()
              .setAlert(Protos.alert(standing, view.progress(id)))
              .setExplanation(TrustAnswers.explainAlert(core, standing))
              .build());
      if (alerts.size() == 1 || standing.state() == AlertState.ACTIVE) {
        verdict =
            "alert "
                + id
                + " by "
                + view.nameOf(standing.entry().envelope().issuer())
                + " is "
                + standing.state().word()
                + ": "
                + standing.reason();
      }
    }
    return new Known(alerts, entryFor(view.overlay(), name), verdict);
  }

  private static boolean affects(Statement.Alert alert, DnsName name) {
    for (DnsName listed : alert.names()) {
      if (listed.equals(name) || (alert.subtree() && name.isAtOrBelow(listed))) {
        return true;
      }
    }
    return false;
  }

  /// The entry that answers for this name: its own, or the innermost subtree's.
  private static Optional<Overlay.Entry> entryFor(Overlay overlay, DnsName name) {
    Optional<Overlay.Entry> best = Optional.empty();
    for (Overlay.Entry entry : overlay.entries()) {
      boolean covers =
          entry.name().equals(name) || (entry.subtree() && name.isAtOrBelow(entry.name()));
      if (covers
          && (best.isEmpty() || entry.name().labelCount() > best.get().name().labelCount())) {
        best = Optional.of(entry);
      }
    }
    return best;
  }
}
