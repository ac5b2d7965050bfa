package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// The contract with a real PowerDNS Recursor, and its traps.
class PowerDnsIT extends ResolverContract {
  @Override
  LabInternet lab() throws IOException {
    return PowerDnsSubject.lab();
  }

  @Override
  Subject start(LabInternet lab, OverlayPrimary primary) throws IOException {
    return PowerDnsSubject.start(lab, primary);
  }

  private PowerDnsSubject recursor() {
    return (PowerDnsSubject) subject;
  }

  @Test
  void aWrongKeyIsASentence(@TempDir Path folder) throws Exception {
    Path key = folder.resolve("key");
    try (Resolver stranger = PowerDnsSubject.driver(recursor().recursor(), key)) {
      assertThatThrownBy(() -> stranger.flush(DOMAIN))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("r1")
          .hasMessageContaining("cannot be read");
      Files.writeString(key, "wrong\n");
      assertThatThrownBy(() -> stranger.flush(DOMAIN))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("r1")
          .hasMessageContaining("refuses the key");
    }
  }

  @Test
  void theOperatorsOwnForwardsAreLeftAlone() throws Exception {
    Path file = recursor().recursor().forwardZonesFile();
    Files.writeString(file, "# by hand\ncorp.test=127.0.53.11\n+bank.test=127.0.53.12\n");
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
    assertThat(Files.readAllLines(file))
        .contains("# by hand", "corp.test=127.0.53.11", "+bank.test=127.0.53.12")
        .hasSize(4);
    assertThatThrownBy(() ->
            resolver.correctNameServers(
                tocsin.trust.DnsName.parse("bank.test."),
                List.copyOf(lab.rightNameServers().values())))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("operator");
    resolver.clearNameServers(DOMAIN);
    resolver.clearNameServers(tocsin.trust.DnsName.parse("bank.test."));
    assertThat(Files.readAllLines(file))
        .containsExactly("# by hand", "corp.test=127.0.53.11", "+bank.test=127.0.53.12");
  }

  @Test
  void correctionsSurviveARestartAndAreTakenBackAfterIt() throws Exception {
    lab.hijackDelegation();
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    subject.stop();
    subject.startAgain();
    assertThat(ask(WWW)).containsExactly(RIGHT);
    resolver.clearNameServers(DOMAIN);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(ROGUE);
  }

  /// Measured with 4.8: what is in the packet cache is answered though the overlay says otherwise,
  /// so that a flush must follow the serial.
  @Test
  void thePacketCacheSurvivesANewOverlayUntilTheFlush() throws Exception {
    awaitHeld(primary.serial());
    assertThat(ask(WWW)).containsExactly(RIGHT);
    primary.publish("www.checkfree.test A 192.0.2.99");
    awaitHeld(primary.serial());
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly("192.0.2.99");
  }
}
