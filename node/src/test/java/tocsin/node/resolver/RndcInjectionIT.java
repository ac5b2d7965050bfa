package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Type;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.trust.DnsName;

/// Nasty names on BIND's own control channel, at a real BIND: what reaches it is one command with
/// the verb that was meant, and nothing of the operator's has changed in the end.
@Timeout(120)
class RndcInjectionIT {
  private static final List<InetAddress> SERVERS = List.of(InetAddress.ofLiteral("192.0.2.53"));

  private static String zones(Program rndc) throws ResolverException {
    return rndc.run(List.of("status"), ResolverLimits.PROBE)
        .text()
        .lines()
        .filter(line -> line.startsWith("number of zones"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aNameIsNoSecondCommand() throws Exception {
    try (LabInternet lab = BindSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        BindSubject subject = BindSubject.start(lab, primary);
        Resolver resolver = subject.actuator()) {
      Program rndc = new Program(subject.bind().rndc());
      RndcChannel channel = new RndcChannel(RndcKey.of(rndc.words()).orElseThrow());
      String before = zones(rndc);
      int sent = 0;
      int kept = 0;
      List<String> corpus = new ArrayList<>(InjectionTest.corpus().toList());
      corpus.addAll(List.of("stop", "halt", "reload", "-clean checkfree.test", "addzone x.test"));
      assertThat(corpus).hasSizeGreaterThan(150);
      for (String text : corpus) {
        // As a name, all the way through the resolver: most are none.
        try {
          DnsName name = DnsName.of(text);
          if (!name.isRoot()) {
            resolver.flush(name);
            resolver.correctNameServers(name, SERVERS);
            resolver.clearNameServers(name);
            resolver.setInsecure(name);
            resolver.clearInsecure(name);
          }
        } catch (IllegalArgumentException e) {
          // None.
        }
        // As it stands, should a check before be forgotten one day.
        for (String verb : List.of("flushtree", "showzone", "zonestatus")) {
          try {
            var _ = channel.run(List.of(verb, text), ResolverLimits.PROBE);
            sent++;
          } catch (IllegalArgumentException e) {
            kept++;
          }
        }
      }
      assertThat(sent).as("to BIND").isGreaterThan(300);
      assertThat(kept).as("nowhere").isGreaterThan(100);
      assertThat(zones(rndc)).isEqualTo(before);
      assertThat(resolver.probe(new Question(ResolverContract.WWW, Type.A)).texts())
          .containsExactly(ResolverContract.RIGHT);
      assertThat(rndc.run(List.of("nta", "-dump"), ResolverLimits.PROBE).text().strip())
          .as("negative trust anchors")
          .isEmpty();
    }
  }
}
