package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;

/// The contract with the embedded resolver, in a lab on any port: what `tocsin demo` shows where
/// there is no unbound.
class EmbeddedResolverIT extends ResolverContract {
  private record Embedded(EmbeddedResolver embedded, Resolver actuator) implements Subject {
    @Override
    public InetSocketAddress address() {
      return embedded.address();
    }

    @Override
    public Resolver actuatorAnew() {
      return driver(embedded);
    }

    @Override
    public void stop() {
      embedded.stop();
    }

    @Override
    public void startAgain() throws IOException {
      embedded.restart();
    }

    @Override
    public void close() {
      embedded.close();
    }
  }

  @Override
  LabInternet lab() throws IOException {
    return LabInternet.startOnAnyPort();
  }

  @Override
  Subject start(LabInternet lab, OverlayPrimary primary) throws IOException {
    EmbeddedResolver embedded =
        EmbeddedResolver.start(lab, RPZ.toString(), Optional.of(primary.address()));
    return new Embedded(embedded, driver(embedded));
  }

  private static Resolver driver(EmbeddedResolver embedded) {
    return new UnboundResolver(
        "r1", embedded.address(), new UnboundControl.UnixSocket(embedded.controlSocket()));
  }
}
