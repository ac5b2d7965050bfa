package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// The contract with a real Knot Resolver, and its traps.
class KnotIT extends ResolverContract {
  @Override
  LabInternet lab() throws IOException {
    return KnotSubject.lab();
  }

  @Override
  Subject start(LabInternet lab, OverlayPrimary primary) throws IOException {
    return KnotSubject.start(lab, primary);
  }

  @Test
  void correctionsAreRepeatedToAProcessThatStartedAnew() throws Exception {
    lab.hijackDelegation();
    awaitHeld(primary.serial());
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    subject.stop();
    subject.startAgain();
    awaitHeld(primary.serial());
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    resolver.clearNameServers(DOMAIN);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(ROGUE);
  }

  /// Measured with 5.6: a stub rule takes a server's answer as it is. An alias whose target the
  /// server does not add (as those of other zones never are) leads nowhere.
  @Test
  void anAliasBelowCorrectedNameServersIsNotFollowed() throws Exception {
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
    resolver.flush(DOMAIN);
    Answer answer =
        resolver.probe(
            new Question(tocsin.trust.DnsName.parse("pay.checkfree.test."), org.xbill.DNS.Type.A));
    assertThat(answer.aliases()).containsExactly("www.checkfree.test.");
    assertThat(answer.data()).isEmpty();
  }
}
