package tocsin.node.resolver;

import java.io.IOException;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.UnboundProcess;

/// The contract with a real unbound that is controlled over TLS with certificates.
class UnboundTlsIT extends ResolverContract {
  @Override
  LabInternet lab() throws IOException {
    return UnboundSubject.lab();
  }

  @Override
  Subject start(LabInternet lab, OverlayPrimary primary) throws IOException {
    return UnboundSubject.start(lab, primary, UnboundProcess.Control.TLS);
  }
}
