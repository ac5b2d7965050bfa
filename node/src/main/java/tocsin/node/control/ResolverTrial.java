package tocsin.node.control;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.xbill.DNS.Type;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Event;
import tocsin.node.core.Overlay;
import tocsin.node.loop.NodeLoop;
import tocsin.node.resolver.Answer;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.proto.ResolverTestStep;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// Tries the whole way from the node's zone to resolvers' answers with a canary: a name that
/// belongs to nobody is served with one address, then with another, then not at all, each as a
/// serial of its own, as an alert would be.
///
/// What is proven: the zone is transferred (or loaded), it is a response policy, a flush reaches
/// every cache on the way to the client, and an overlay that is gone is gone.
final class ResolverTrial {
  private static final String ANSWERED = "overlay answered from";

  private static final String OFFLINE =
      "does it reach the root name servers, or its forwarder (a way to the internet, port 53 by UDP"
          + " and TCP), and is its clock right?";

  /// A resolver that is notified has a serial in less than a second, one that polls in four.
  private static final Duration HELD = Duration.ofSeconds(15);

  /// Slower than this, a NOTIFY was lost or something puts updates off.
  private static final long SLOW_MILLIS = 5_000;

  private static final long LOOK_NANOS = 20_000_000;

  private static final DnsName CANARY = Overlay.CANARY;

  /// Two addresses where nobody lives (RFC 5737).
  private static final InetAddress FIRST = InetAddress.ofLiteral("192.0.2.1");

  private static final InetAddress SECOND = InetAddress.ofLiteral("192.0.2.2");

  private final NodeLoop loop;
  private final DnsName rpz;
  private final List<Resolver> resolvers;
  private final List<ResolverTestStep> steps = new ArrayList<>();

  ResolverTrial(NodeLoop loop, DnsName rpz, List<Resolver> resolvers) {
    this.loop = loop;
    this.rpz = rpz;
    this.resolvers = resolvers;
  }

  interface Try {
    String run() throws ResolverException;
  }

  static ResolverTestStep step(Resolver resolver, String name, Try work) {
    long start = System.nanoTime();
    ResolverTestStep.Builder step =
        ResolverTestStep.newBuilder().setResolver(resolver.name()).setStep(name);
    try {
      step.setDetail(work.run()).setOk(true);
    } catch (ResolverException e) {
      step.setDetail(String.valueOf(e.getMessage())).setOk(false);
    }
    return step.setMillis((System.nanoTime() - start) / 1_000_000).build();
  }

  /// All steps, resolver by resolver as they were given.
  List<ResolverTestStep> run() {
    boolean acts =
        loop.ask(core -> core.view().config().mode() == CoreConfig.Mode.ENFORCE) && rpzHasRoom();
    if (acts) {
      try {
        atAll(place(FIRST), this::appears);
        atAll(place(SECOND), this::changes);
      } finally {
        long serial = take();
        atAll(serial, this::goes);
      }
    } else {
      long serial = loop.ask(core -> core.view().overlaySerial());
      atAll(serial, (resolver, held) -> {});
    }
    resolvers.forEach(this::corrections);
    List<ResolverTestStep> byResolver = new ArrayList<>();
    for (Resolver resolver : resolvers) {
      steps.stream()
          .filter(it -> it.getResolver().equals(resolver.name()))
          .forEach(byResolver::add);
    }
    return byResolver;
  }

  /// A zone whose name leaves no room for the canary below it is tried without.
  private boolean rpzHasRoom() {
    return CANARY.toWire().size() + rpz.toWire().size() <= DnsName.MAX_WIRE_BYTES;
  }

  private long place(InetAddress address) {
    return canary(List.of(new CorrectRecord.A(ByteString.copyFrom(address.getAddress()))));
  }

  private long take() {
    return canary(List.of());
  }

  /// The serial that has the canary so.
  private long canary(List<CorrectRecord> records) {
    loop.happened(new Event.CanaryPlaced(records));
    return loop.ask(core -> core.view().overlaySerial());
  }

  private interface AtOne {
    /// @param held whether the resolver holds the serial
    void tried(Resolver resolver, boolean held);
  }

  private void atAll(long serial, AtOne next) {
    for (Resolver resolver : resolvers) {
      ResolverTestStep transferred =
          step(resolver, "overlay zone transferred", () -> awaitHeld(resolver, serial));
      // Once is enough to read; what fails later is told as what it keeps from working.
      boolean told =
          steps.stream()
              .anyMatch(it ->
                  it.getResolver().equals(resolver.name())
                      && it.getStep().equals(transferred.getStep()));
      if (!told || !transferred.getOk()) {
        steps.add(transferred);
      }
      next.tried(resolver, transferred.getOk());
    }
  }

  private String awaitHeld(Resolver resolver, long serial) throws ResolverException {
    long begun = System.nanoTime();
    while (true) {
      OptionalLong held = resolver.heldSerial(rpz);
      long millis = (System.nanoTime() - begun) / 1_000_000;
      // RFC 1982: the same or later.
      if (held.isPresent() && (int) (held.getAsLong() - serial) >= 0) {
        return "serial "
            + held.getAsLong()
            + " after "
            + millis
            + " ms"
            + (millis > SLOW_MILLIS
                ? ", which is slow: is it notified (or polls each second), and at BIND"
                    + " min-update-interval 0?"
                : "");
      }
      if (millis > HELD.toMillis()) {
        throw new ResolverException(
            held.isEmpty()
                ? rpz + " is configured but not loaded: may it transfer the zone (allow-transfer)?"
                : "it holds serial "
                    + held.getAsLong()
                    + ", the node serves "
                    + serial
                    + ": may it transfer the zone (allow-transfer), is it notified, and at BIND"
                    + " min-update-interval 0?");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private void appears(Resolver resolver, boolean held) {
    if (!held) {
      return;
    }
    steps.add(
        step(
            resolver,
            ANSWERED,
            () -> {
              resolver.flush(CANARY);
              Answer answer = ask(resolver);
              if (!isAt(answer, FIRST)) {
                throw new ResolverException(
                    CANARY
                        + " is answered with "
                        + answer.shown()
                        + " and not from the overlay: is the zone a response policy here, first"
                        + " of all policies?");
              }
              return CANARY + " is " + answer.shown();
            }));
  }

  private void changes(Resolver resolver, boolean held) {
    if (!held) {
      return;
    }
    steps.add(
        step(
            resolver,
            "packet cache",
            () ->
                isAt(ask(resolver), FIRST)
                    ? "an update is seen after the flush that follows it, not before: a packet"
                        + " cache outlives updates here"
                    : "an update is seen at once"));
    steps.add(
        step(
            resolver,
            "flush",
            () -> {
              resolver.flush(CANARY);
              Answer answer = ask(resolver);
              if (!isAt(answer, SECOND)) {
                throw new ResolverException(
                    CANARY
                        + " is still answered with "
                        + answer.shown()
                        + " after a flush: is there a cache in front of it, or does it serve"
                        + " expired answers?");
              }
              return "the next answer is the new one";
            }));
  }

  private void goes(Resolver resolver, boolean held) {
    if (!held) {
      return;
    }
    steps.add(
        step(
            resolver,
            "overlay withdrawn",
            () -> {
              resolver.flush(CANARY);
              Answer answer;
              try {
                answer = ask(resolver);
              } catch (ResolverException e) {
                // From the overlay it would have come at once; what is wrong is said further down.
                return CANARY + " is not answered from the overlay any more, nor from elsewhere";
              }
              if (isAt(answer, FIRST) || isAt(answer, SECOND)) {
                throw new ResolverException(
                    CANARY
                        + " is still answered with "
                        + answer.shown()
                        + " after it was taken"
                        + " out of the overlay");
              }
              return CANARY + " is " + answer.status() + " again";
            }));
  }

  /// Whether it knows the world, too, and not the overlay alone: the canary is in neither.
  private String answers(Resolver resolver) throws ResolverException {
    Answer answer;
    try {
      answer = ask(resolver);
    } catch (ResolverException e) {
      boolean answersFromTheOverlay =
          steps.stream()
              .anyMatch(it ->
                  it.getOk()
                      && it.getResolver().equals(resolver.name())
                      && it.getStep().equals(ANSWERED));
      throw answersFromTheOverlay
          ? new ResolverException(e.getMessage() + ", but answers from the overlay: " + OFFLINE, e)
          : e;
    }
    if (answer.status().equals("SERVFAIL")) {
      throw new ResolverException(
          "it answers SERVFAIL about " + CANARY + ", which does not exist: " + OFFLINE);
    }
    return answer.status();
  }

  private static Answer ask(Resolver resolver) throws ResolverException {
    return resolver.probe(new Question(CANARY, Type.A));
  }

  private static boolean isAt(Answer answer, InetAddress address) {
    return answer.texts().equals(List.of(address.getHostAddress()));
  }

  private void corrections(Resolver resolver) {
    steps.add(step(resolver, "answers questions", () -> answers(resolver)));
    steps.add(
        step(
            resolver,
            "name servers can be corrected",
            () -> {
              resolver.correctNameServers(CANARY, List.of(FIRST));
              resolver.clearNameServers(CANARY);
              resolver.flush(CANARY);
              return "corrected and taken back for " + CANARY;
            }));
    steps.add(
        step(
            resolver,
            "negative trust anchors can be placed",
            () -> {
              resolver.setInsecure(CANARY);
              resolver.clearInsecure(CANARY);
              return "placed and lifted for " + CANARY;
            }));
    steps.add(
        step(
            resolver,
            "configuration",
            () -> {
              List<String> advice = resolver.advice();
              if (!advice.isEmpty()) {
                throw new ResolverException(String.join("; ", advice));
              }
              return "nothing to change";
            }));
  }
}
