package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.ZoneTransferIn;
import tocsin.node.core.Overlay;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// The overlay's past over restarts of the node, as a resolver that was away sees it.
class OverlayPublisherTest {
  private static final Name ORIGIN = Texts.name("alert.rpz.");

  @TempDir private Path folder;

  private static Overlay overlay(int last) {
    ByteString address = ByteString.copyFrom(new byte[] {(byte) 192, 0, 2, (byte) last});
    return new Overlay(
        List.of(
            new Overlay.Entry(
                DnsName.parse("www.bank.test."),
                false,
                List.of(new CorrectRecord.A(address)),
                new StatementId(Sha256.ZERO),
                0)));
  }

  /// One life of a node: publishes one version and gives what a client with that serial is sent.
  private ZoneTransferIn live(Overlay overlay, long serial, long clientSerial) throws Exception {
    try (DnsServer server =
            new DnsServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(),
                TransferAcl.parse(List.of("127.0.0.1")));
        NotifySender sender =
            new NotifySender(InetAddress.getLoopbackAddress(), List.of(), List.of(), told -> {})) {
      server.start();
      try (OverlayPublisher publisher =
          new OverlayPublisher(
              server, sender, ORIGIN, Optional.empty(), folder.resolve("journal"))) {
        publisher.start();
        publisher.overlay(overlay, serial);
        await().until(() -> serial(server) == serial);
        ZoneTransferIn transfer =
            ZoneTransferIn.newIXFR(ORIGIN, clientSerial, true, server.address(), null);
        transfer.run();
        return transfer;
      }
    }
  }

  private static long serial(DnsServer server) throws IOException {
    try {
      ZoneTransferIn transfer = ZoneTransferIn.newAXFR(ORIGIN, server.address(), null);
      transfer.run();
      return ((SOARecord) transfer.getAXFR().getFirst()).getSerial();
    } catch (org.xbill.DNS.ZoneTransferException e) {
      // Not published yet.
      return -1;
    }
  }

  @Test
  void differencesAreGivenAcrossRestarts() throws Exception {
    live(overlay(1), 1_000, 1_000);
    live(overlay(2), 1_001, 1_000);
    live(Overlay.EMPTY, 1_500, 1_000);
    ZoneTransferIn transfer = live(overlay(3), 1_501, 1_000);
    assertThat(transfer.isIXFR()).isTrue();
    assertThat(transfer.getIXFR()).hasSize(3);
    // The same again, as after a crash between commit and serving.
    assertThat(live(overlay(3), 1_501, 1_001).getIXFR()).hasSize(2);
    assertThat(live(overlay(3), 1_502, 1_501).getIXFR()).hasSize(1);
  }

  @Test
  void aSerialThatGoesBackForgetsThePast() throws Exception {
    live(overlay(1), 1_000, 1_000);
    ZoneTransferIn transfer = live(overlay(2), 900, 800);
    assertThat(transfer.isAXFR()).isTrue();
    assertThat(transfer.getAXFR())
        .anyMatch(each -> each.getType() == Type.A && each.rdataToString().equals("192.0.2.2"));
    assertThat(live(overlay(3), 901, 900).isIXFR()).isTrue();
  }
}
