package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.core.AlertState;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Progress;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.trust.Envelope;

/// December 2008 on all four resolvers at once: 250 questions a second each, for listed and sibling
/// names. From "override verified" to the end of the incident there is not one rogue answer, and no
/// more questions stay without an answer than when nobody does anything.
///
/// Two cases by default; all sixteen are long.
class CheckFreeReplayIT {
  private static final Logger LOG = LoggerFactory.getLogger(CheckFreeReplayIT.class);

  /// How long customers are counted while nobody does anything about the hijack.
  private static final long ALONE_MILLIS = 2_000;

  /// One question in so many may be lost besides: a datagram that a busy machine drops says nothing
  /// of a resolver.
  private static final long LOST_BY_CHANCE = 1_000;

  enum Hijack {
    DELEGATION,
    ADDRESS
  }

  static Stream<Arguments> some() {
    return Stream.of(
        Arguments.of(Hijack.DELEGATION, false, FourResolvers.Caches.SERVE_EXPIRED),
        Arguments.of(Hijack.ADDRESS, true, FourResolvers.Caches.PACKET_CACHE));
  }

  static Stream<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (Hijack hijack : Hijack.values()) {
      for (boolean signed : new boolean[] {false, true}) {
        for (FourResolvers.Caches caches : FourResolvers.Caches.values()) {
          all.add(Arguments.of(hijack, signed, caches));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("some")
  void nobodyIsSentToTheCriminals(Hijack hijack, boolean signed, FourResolvers.Caches caches)
      throws Exception {
    replay(hijack, signed, caches);
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("all")
  void nobodyIsSentToTheCriminalsInAnyOfSixteenCases(
      Hijack hijack, boolean signed, FourResolvers.Caches caches) throws Exception {
    replay(hijack, signed, caches);
  }

  private static void replay(Hijack hijack, boolean signed, FourResolvers.Caches caches)
      throws Exception {
    Map<String, Customers> customers = new LinkedHashMap<>();
    Map<String, Customers.Tally> alone = new LinkedHashMap<>();
    Map<String, Customers.Tally> protectedBy = new LinkedHashMap<>();
    try (LabInternet lab = FourResolvers.lab(signed);
        RealNode node = new RealNode(lab, caches, CoreConfig.Mode.ENFORCE)) {
      switch (hijack) {
        case DELEGATION -> lab.hijackDelegation();
        case ADDRESS -> lab.hijackAddress();
      }
      List<String> names = List.of(lab.www(), lab.domain(), "pay." + lab.domain());
      try {
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          customers.put(one.getKey(), new Customers(one.getValue().address(), names, lab::isRogue));
        }
        Thread.sleep(500);
        // Without us: the lie is in the caches, and everybody is answered with it.
        customers.forEach((name, each) -> alone.put(name, each.count()));
        Thread.sleep(ALONE_MILLIS);
        customers.values().forEach(Customers::count);
        Envelope alert =
            node.override(List.of(lab.rightAddress(), lab.rightAddress6()), lab.domain());
        for (Map.Entry<String, Customers> one : customers.entrySet()) {
          node.awaitWord(alert, one.getKey(), "verified");
          protectedBy.put(one.getKey(), one.getValue().count());
        }
        Map<String, Progress> verified = node.progress(alert);
        Thread.sleep(1_000);
        Envelope flush = node.close(alert, lab.domain());
        // The registry is not repaired yet: the node waits, and goes on protecting.
        Thread.sleep(700);
        assertThat(node.state(alert)).isEqualTo(AlertState.ACTIVE);
        lab.repair();
        node.awaitState(flush, AlertState.RESOLVED);
        Thread.sleep(500);
        customers.values().forEach(Customers::rest);
        verified.forEach((name, progress) ->
            LOG.info(
                "{} {} {} {}: verified after {} ms; {}; without us: {}",
                hijack,
                signed ? "signed" : "unsigned",
                caches,
                name,
                progress.millis(),
                protectedBy.get(name),
                alone.get(name)));
        alone.forEach((name, each) ->
            assertThat(each.rogue()).as("%s without us: %s", name, each).isGreaterThan(200));
        protectedBy.forEach((name, each) -> {
          Customers.Tally before = Objects.requireNonNull(alone.get(name));
          assertThat(each.asked()).as(name).isGreaterThan(200);
          assertThat(each.rogue()).as("%s: %s", name, each).isZero();
          assertThat(each.failures()).as("%s: %s", name, each).isZero();
          assertThat(each.lost())
              .as("%s: %s; without us: %s", name, each, before)
              .isLessThanOrEqualTo(
                  before.lost() * each.asked() / before.asked()
                      + 1
                      + each.asked() / LOST_BY_CHANCE);
        });
      } finally {
        customers.values().forEach(Customers::close);
      }
    }
  }
}
