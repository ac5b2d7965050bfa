package tocsin.node.resolver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Type;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.ResolverContract.Subject;

/// What becomes of an overlay whose node is dead, at each kind of resolver, with an hour made
/// seconds: BIND unloads it when it has expired and Knot Resolver when nobody is heard any more;
/// unbound 1.17.1 and PowerDNS 4.8 go on for ever, until an empty zone is served in the dead node's
/// place, which is what `tocsin resolver clear` does.
@Timeout(150)
class DeadNodeIT {
  private static final String OVERRIDDEN = "192.0.2.99";
  private static final String RIGHT = ResolverContract.RIGHT;

  /// In place of the hour that a node's zone has.
  private static final int EXPIRE_SECONDS = 9;

  /// What was answered last from the overlay may be cached for its TTL, and a daemon looks at its
  /// timers when it has time.
  private static final int SLACK_SECONDS = 12;

  private static List<String> ask(Subject subject) throws ResolverException {
    return subject.actuator().probe(new Question(ResolverContract.WWW, Type.A)).texts();
  }

  private static void awaitHeld(Subject subject, long serial) {
    await()
        .atMost(20, SECONDS)
        .until(() ->
            subject.actuator().heldSerial(ResolverContract.RPZ).equals(OptionalLong.of(serial)));
  }

  private static void awaitOverridden(Subject subject, OverlayPrimary primary) throws Exception {
    if (subject.takesNotify()) {
      primary.notify(subject.address());
    }
    awaitHeld(subject, primary.serial());
    subject.actuator().flush(ResolverContract.DOMAIN);
    assertThat(ask(subject)).as(subject.toString()).containsExactly(OVERRIDDEN);
  }

  /// @return after how many seconds it is as if there had never been a node
  private static long awaitEnd(Subject subject, long since) {
    await()
        .atMost(EXPIRE_SECONDS + SLACK_SECONDS, SECONDS)
        .untilAsserted(() -> assertThat(ask(subject)).containsExactly(RIGHT));
    return (System.nanoTime() - since) / 1_000_000_000;
  }

  private static void close(List<Subject> subjects) throws Exception {
    for (Subject subject : subjects) {
      subject.actuator().close();
      subject.close();
    }
  }

  private interface Start {
    Subject start() throws IOException;
  }

  @Test
  void nothingOfItOutlivesItsTime() throws Exception {
    // Each of them says so if it cannot be here.
    UnboundSubject.lab().close();
    KnotSubject.lab().close();
    PowerDnsSubject.lab().close();
    List<Subject> subjects = new ArrayList<>();
    OverlayPrimary primary = new OverlayPrimary(0, EXPIRE_SECONDS);
    int port = primary.address().getPort();
    try (LabInternet lab = BindSubject.lab()) {
      // By default BIND asks at most every 300 s and tries again after 500 s, and lets no zone
      // expire
      // in less than both together.
      Subject bind =
          begun(
              subjects,
              () -> BindSubject.start(lab, primary, "min-refresh-time 1;", "min-retry-time 1;"));
      Subject unbound =
          begun(subjects, () -> UnboundSubject.start(lab, primary, UnboundProcess.Control.UNIX));
      Subject powerDns = begun(subjects, () -> PowerDnsSubject.start(lab, primary));
      KnotSubject knot = KnotSubject.start(lab, primary);
      subjects.add(knot);
      primary.publish("www.checkfree.test A " + OVERRIDDEN);
      for (Subject subject : subjects) {
        awaitOverridden(subject, primary);
      }
      long serial = primary.serial();
      long dead = System.nanoTime();
      primary.close();
      // What the node put into a kresd ends so long after it was last heard.
      var _ =
          new KnotControl(knot.knot().controlSocket())
              .run("(function () tocsin.till = os.time() + " + EXPIRE_SECONDS + " end)()");

      assertThat(awaitEnd(bind, dead)).as("BIND").isGreaterThanOrEqualTo(EXPIRE_SECONDS / 2);
      assertThat(awaitEnd(knot, dead)).as("Knot").isGreaterThanOrEqualTo(EXPIRE_SECONDS / 2);
      await()
          .atMost(EXPIRE_SECONDS + SLACK_SECONDS, SECONDS)
          .until(() -> unbound.actuator().heldSerial(ResolverContract.RPZ).isEmpty());
      // If one of these two ends by itself one day, docs/resolvers must tell.
      assertThat(ask(unbound)).as("an expired zone of unbound").containsExactly(OVERRIDDEN);
      assertThat(ask(powerDns)).as("PowerDNS").containsExactly(OVERRIDDEN);

      try (OverlayPrimary empty = new OverlayPrimary(port, EXPIRE_SECONDS)) {
        while (empty.serial() <= serial) {
          empty.publish();
        }
        for (Subject subject : List.of(unbound, powerDns)) {
          long cleared = System.nanoTime();
          try (Resolver clearing = subject.actuatorAnew()) {
            await()
                .atMost(45, SECONDS)
                .until(() -> clearing.heldSerial(ResolverContract.RPZ).orElse(0) == empty.serial());
            clearing.flush(ResolverContract.DOMAIN);
          }
          assertThat(ask(subject)).as(subject.toString()).containsExactly(RIGHT);
          assertThat(System.nanoTime() - cleared).isLessThan(45_000_000_000L);
        }
      }
    } finally {
      primary.close();
      close(subjects);
    }
  }

  private static Subject begun(List<Subject> subjects, Start start) throws IOException {
    Subject subject = start.start();
    subjects.add(subject);
    return subject;
  }
}
