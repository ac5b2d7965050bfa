package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// The contract with a real BIND, and its traps.
class BindIT extends ResolverContract {
  @Override
  LabInternet lab() throws IOException {
    return BindSubject.lab();
  }

  @Override
  Subject start(LabInternet lab, OverlayPrimary primary) throws IOException {
    return BindSubject.start(lab, primary);
  }

  @Test
  void aWrongKeyIsASentence() throws Exception {
    try (BindResolver stranger =
        new BindResolver(
            "r1", subject.address(), new Program(List.of("rndc", "-c", "/nonexistent.conf")))) {
      assertThatThrownBy(() -> stranger.flush(DOMAIN))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("r1")
          .hasMessageContaining("/nonexistent.conf");
    }
    try (BindResolver missing =
        new BindResolver("r1", subject.address(), new Program(List.of("no-such-rndc")))) {
      assertThatThrownBy(() -> missing.flush(DOMAIN))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("there is no such program");
    }
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
}
