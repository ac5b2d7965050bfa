package tocsin.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.LabInternet;

/// The customers notice when they are lied to, and since when they are not any more.
class ProberTest {
  @Test
  void customersNoticeTheLieAndItsEnd() throws Exception {
    try (LabInternet lab = LabInternet.startOnAnyPort();
        EmbeddedResolver resolver = EmbeddedResolver.start(lab, Backing.OVERLAY, Optional.empty());
        Prober prober =
            new Prober(
                    resolver.address(),
                    Name.fromConstantString(lab.www()),
                    lab.rightAddress().getHostAddress(),
                    lab::isRogue)
                .start()) {
      Patience.until("right at first", () -> prober.rightSinceMillis().isPresent());
      assertThat(prober.count(Prober.Kind.ROGUE, 0)).isZero();

      lab.hijackDelegation();
      resolver.restart();
      Patience.until("then rogue", () -> prober.count(Prober.Kind.ROGUE, 0) > 0);
      assertThat(prober.rightSinceMillis()).isEmpty();

      lab.repair();
      long before = System.currentTimeMillis();
      resolver.restart();
      Patience.until("right again", () -> prober.rightSinceMillis().isPresent());
      assertThat(prober.rightSinceMillis().orElseThrow()).isGreaterThanOrEqualTo(before);
      assertThat(prober.count(Prober.Kind.ROGUE, prober.rightSinceMillis().orElseThrow())).isZero();
    }
  }
}
