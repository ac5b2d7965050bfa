package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tocsin.node.core.Event;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// A real TLS handshake in which the client's certificate is bytes of the test's choice.
class HostileCertificateIT {
  private static final SigningKey KEY = SampleStatements.key("hostile");

  private static String good() {
    try {
      return HexFormat.of().formatHex(NodeCertificate.of(KEY).getEncoded());
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  /// What is replaced in a good certificate, and by what, in hexadecimal.
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "noise, 3081da30818d, 00ff1700ff17",
    "a key without bytes: the JDK's parser throws an unchecked exception, 70032100, 70030100",
    "another kind of key (X25519), 032b6570032100, 032b656e032100",
    "another name: the signature does not fit, 746f6373696e, 746f6373696f"
  })
  void isRefusedAndHarmsNobody(String what, String before, String after) throws Exception {
    assertThat(good()).contains(before);
    byte[] shown = HexFormat.of().parseHex(good().replace(before, after));
    try (Witness node = new Witness("node");
        Witness peer = new Witness("peer")) {
      assertThatThrownBy(() -> converse(node, shown)).isInstanceOf(IOException.class);
      peer.connectTo(node);
      assertThat(node.all(Event.PeerConnected.class)).hasSize(1);
    }
  }

  /// The same as it is passes: what is refused above is refused for its certificate.
  @Test
  void theGoodOneIsNot() throws Exception {
    try (Witness node = new Witness("node")) {
      assertThatThrownBy(() -> converse(node, HexFormat.of().parseHex(good())))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static void converse(Witness node, byte[] certificate) throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(
        new KeyManager[] {new Showing(certificate)},
        new TrustManager[] {new NodeTrust(new Signatures(), Optional.empty())},
        null);
    try (Socket plain =
            new Socket(
                node.connections.address().getAddress(), node.connections.address().getPort());
        SSLSocket socket =
            (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
      socket.setSoTimeout(2_000);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      while (socket.getInputStream().read() >= 0) {
        // HTTP/2 settings, perhaps, before the certificate is looked at.
      }
      throw new IOException("closed without a word");
    }
  }

  /// Signs with a good key under any certificate.
  private static final class Showing extends X509ExtendedKeyManager {
    private final X509Certificate certificate;

    Showing(byte[] certificate) {
      this.certificate = new AnyBytes(ByteString.copyFrom(certificate));
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
      return "any";
    }

    @Override
    public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
      return "any";
    }

    @Override
    public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
      return "any";
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"any"};
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"any"};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return KEY.toPrivateKey();
    }
  }

  /// A certificate that is sent as these bytes, and looks good to the TLS that sends it.
  private static final class AnyBytes extends X509Certificate {
    private static final long serialVersionUID = 1;

    private final transient X509Certificate good = NodeCertificate.of(KEY);
    private final ByteString bytes;

    AnyBytes(ByteString bytes) {
      this.bytes = bytes;
    }

    @Override
    public byte[] getEncoded() {
      return bytes.toByteArray();
    }

    @Override
    public PublicKey getPublicKey() {
      return good.getPublicKey();
    }

    @Override
    public void checkValidity() {}

    @Override
    public void checkValidity(Date date) {}

    @Override
    public int getVersion() {
      return good.getVersion();
    }

    @Override
    public BigInteger getSerialNumber() {
      return good.getSerialNumber();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract, so it must be here
    public Principal getIssuerDN() {
      return good.getIssuerX500Principal();
    }

    @Override
    @SuppressWarnings("deprecation") // abstract, so it must be here
    public Principal getSubjectDN() {
      return good.getSubjectX500Principal();
    }

    @Override
    public Date getNotBefore() {
      return good.getNotBefore();
    }

    @Override
    public Date getNotAfter() {
      return good.getNotAfter();
    }

    @Override
    public byte[] getTBSCertificate() throws CertificateEncodingException {
      return good.getTBSCertificate();
    }

    @Override
    public byte[] getSignature() {
      return good.getSignature();
    }

    @Override
    public String getSigAlgName() {
      return good.getSigAlgName();
    }

    @Override
    public String getSigAlgOID() {
      return good.getSigAlgOID();
    }

    @Override
    public byte @Nullable [] getSigAlgParams() {
      return good.getSigAlgParams();
    }

    @Override
    public boolean @Nullable [] getIssuerUniqueID() {
      return null;
    }

    @Override
    public boolean @Nullable [] getSubjectUniqueID() {
      return null;
    }

    @Override
    public boolean @Nullable [] getKeyUsage() {
      return null;
    }

    @Override
    public int getBasicConstraints() {
      return -1;
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
      return false;
    }

    @Override
    public @Nullable Set<String> getCriticalExtensionOIDs() {
      return null;
    }

    @Override
    public @Nullable Set<String> getNonCriticalExtensionOIDs() {
      return null;
    }

    @Override
    public byte @Nullable [] getExtensionValue(String oid) {
      return null;
    }

    @Override
    public void verify(PublicKey key) {}

    @Override
    public void verify(PublicKey key, String provider) {}

    @Override
    public String toString() {
      return "a certificate of any bytes";
    }
  }
}
