package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.node.lab.UnboundProcess;

/// TLS to a real unbound with the wrong papers.
class ControlCredentialsIT {
  @TempDir Path folder;

  @Test
  void onlyTheVeryCertificateOfTheFileIsTrusted() throws Exception {
    try (LabInternet lab = UnboundSubject.lab();
        OverlayPrimary primary = new OverlayPrimary();
        UnboundSubject one = UnboundSubject.start(lab, primary, UnboundProcess.Control.TLS);
        UnboundSubject other = UnboundSubject.start(lab, primary, UnboundProcess.Control.TLS)) {
      UnboundProcess unbound = one.unbound();
      UnboundProcess impostor = other.unbound();
      assertThat(
              run(
                  unbound,
                  unbound.serverCertificate(),
                  unbound.clientCertificate(),
                  unbound.clientKey()))
          .contains("is running");
      assertThatThrownBy(() ->
              run(
                  unbound,
                  impostor.serverCertificate(),
                  unbound.clientCertificate(),
                  unbound.clientKey()))
          .hasMessageContaining("its certificate is not the one in the server-certificate file");
      assertThatThrownBy(() ->
              run(
                  unbound,
                  unbound.serverCertificate(),
                  impostor.clientCertificate(),
                  impostor.clientKey()))
          .as("unbound refuses a client that its server key did not sign")
          .isInstanceOf(ResolverException.class);
      assertThatThrownBy(() ->
              run(
                  unbound,
                  folder.resolve("none.pem"),
                  unbound.clientCertificate(),
                  unbound.clientKey()))
          .hasMessageContaining("there is no file " + folder.resolve("none.pem"));
      Path damaged =
          Files.writeString(
              folder.resolve("damaged.pem"),
              "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
      assertThatThrownBy(
              () -> run(unbound, damaged, unbound.clientCertificate(), unbound.clientKey()))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining(damaged.toString());
      assertThatThrownBy(() ->
              run(
                  unbound,
                  unbound.serverCertificate(),
                  unbound.clientCertificate(),
                  unbound.serverCertificate()))
          .hasMessageContaining("has no unencrypted private key in PEM form");
    }
  }

  private static String run(UnboundProcess unbound, Path server, Path client, Path key)
      throws ResolverException {
    return new UnboundControl.Tls(
            unbound.controlAddress(), new ControlCredentials(server, client, key))
        .run("status");
  }
}
