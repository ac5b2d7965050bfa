package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
/// names, from "override verified" to the end of the incident, and not one rogue answer.
///
/// Two cases by default; all of them with `-Dtocsin.test.replay=all`.
class CheckFreeReplayIT {
  private static final Logger LOG = LoggerFactory.getLogger(CheckFreeReplayIT.class);

  enum Hijack {
    DELEGATION,
    ADDRESS
  }

  static Stream<Arguments> cases() {
    if (!"all".equals(System.getProperty("tocsin.test.replay", ""))) {
      return Stream.of(
          Arguments.of(Hijack.DELEGATION, false, FourResolvers.Caches.STALE_AND_PREFETCH),
          Arguments.of(Hijack.ADDRESS, true, FourResolvers.Caches.PACKET_CACHE));
    }
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
  @MethodSource("cases")
  void nobodyIsSentToTheCriminals(Hijack hijack, boolean signed, FourResolvers.Caches caches)
      throws Exception {
    InetSocketAddress dns = FourResolvers.freeAddress();
    Map<String, Customers> customers = new LinkedHashMap<>();
    try (LabInternet lab = FourResolvers.lab(signed);
        FourResolvers beside = new FourResolvers(lab, dns, caches);
        RealNode node = new RealNode(lab, dns, beside.all(), CoreConfig.Mode.ENFORCE)) {
      switch (hijack) {
        case DELEGATION -> lab.hijackDelegation();
        case ADDRESS -> lab.hijackAddress();
      }
      List<String> names = List.of(lab.www(), lab.domain(), "pay." + lab.domain());
      try {
        for (Map.Entry<String, LabResolver> one : beside.all().entrySet()) {
          customers.put(one.getKey(), new Customers(one.getValue().address(), names, lab::isRogue));
        }
        Thread.sleep(500);
        Envelope alert =
            node.override(List.of(lab.rightAddress(), lab.rightAddress6()), lab.domain());
        for (String resolver : beside.all().keySet()) {
          node.awaitWord(alert, resolver, "verified");
          Objects.requireNonNull(customers.get(resolver)).count();
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
                "{} {} {} {}: verified after {} ms; {}",
                hijack,
                signed ? "signed" : "unsigned",
                caches,
                name,
                progress.millis(),
                customers.get(name)));
        customers.forEach((name, each) -> {
          assertThat(each.asked()).as(name).isGreaterThan(200);
          assertThat(each.rogue()).as(name + ": " + each).isZero();
          assertThat(each.failures()).as(name + ": " + each).isZero();
          // A datagram may be lost on a busy machine; a resolver that stops for a flush loses many.
          assertThat(each.lost()).as(name + ": " + each).isLessThan(1 + each.asked() / 100);
        });
      } finally {
        customers.values().forEach(Customers::close);
      }
    }
  }
}
