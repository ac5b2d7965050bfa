package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

class NodeCertificateTest {
  private final Signatures signatures = new Signatures();
  private final SigningKey key = SampleStatements.key("node");

  private static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  private void assertRefused(String why, X509Certificate... chain) {
    assertThatThrownBy(() -> NodeCertificate.keyIn(chain, signatures))
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theKeyComesThrough() throws Exception {
    X509Certificate certificate = NodeCertificate.of(key);
    assertThat(NodeCertificate.keyIn(new X509Certificate[] {certificate}, signatures))
        .isEqualTo(key.publicKey());
    assertThat(NodeCertificate.acceptedKey(certificate).id()).isEqualTo(key.id());
  }

  @Test
  void theSameKeyMakesTheSameCertificate() {
    assertThat(NodeCertificate.of(key)).isEqualTo(NodeCertificate.of(key));
  }

  @Test
  void thereIsExactlyOne() {
    X509Certificate certificate = NodeCertificate.of(key);
    assertRefused("one certificate, not 0");
    assertRefused("one certificate, not 2", certificate, certificate);
  }

  @Test
  void eachTurnedBitIsRefused() throws Exception {
    byte[] der = NodeCertificate.of(key).getEncoded();
    int refused = 0;
    for (int bit = 0; bit < der.length * 8; bit++) {
      byte[] turned = der.clone();
      turned[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        NodeCertificate.keyIn(new X509Certificate[] {parse(turned)}, signatures);
      } catch (CertificateException e) {
        refused++;
      } catch (ArrayIndexOutOfBoundsException e) {
        // The JDK's own parser, at a key of no bytes; never ours. TLS takes it as a refusal.
        assertThat(e.getStackTrace()[0].getClassName()).startsWith("sun.security.");
        refused++;
      }
    }
    assertThat(refused).isEqualTo(der.length * 8);
  }

  @Test
  void aKeyThatAnybodyCanSignForIsRefused() throws Exception {
    // The neutral element: with it, R = the neutral element and S = 0 satisfies many verifiers.
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    ContentSigner signer =
        new FixedSigner(Arrays.copyOf(neutral, 64), EdECObjectIdentifiers.id_Ed25519);
    X509Certificate certificate = parse(build(neutral, signer, 0));
    assertRefused("not signed by its own key", certificate);
  }

  @Test
  void anotherAlgorithmIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair pair = generator.generateKeyPair();
    byte[] der =
        new X509v3CertificateBuilder(
                NAME,
                BigInteger.ONE,
                TIME,
                TIME,
                NAME,
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
            .getEncoded();
    assertRefused("not signed with Ed25519", parse(der));
  }

  @Test
  void anotherKeysSignatureIsRefused() throws Exception {
    SigningKey other = SampleStatements.key("other");
    ContentSigner signer = new JcaContentSignerBuilder("Ed25519").build(other.toPrivateKey());
    assertRefused(
        "not signed by its own key", parse(build(key.publicKey().key().toByteArray(), signer, 0)));
  }

  @Test
  void aLargeOneIsRefusedThoughItsSignatureIsGood() throws Exception {
    ContentSigner signer = new JcaContentSignerBuilder("Ed25519").build(key.toPrivateKey());
    byte[] raw = key.publicKey().key().toByteArray();
    assertThat(
            NodeCertificate.keyIn(new X509Certificate[] {parse(build(raw, signer, 0))}, signatures))
        .isEqualTo(key.publicKey());
    assertRefused("too large", parse(build(raw, signer, 1_000)));
  }

  private static final X500Name NAME = new X500Name("CN=any");
  private static final Time TIME = new Time(new DERGeneralizedTime("20260101000000Z"));

  /// Expired and wordy, which is nobody's business.
  private static byte[] build(byte[] key, ContentSigner signer, int extensionBytes)
      throws Exception {
    return new X509v3CertificateBuilder(
            NAME,
            BigInteger.TWO,
            TIME,
            TIME,
            NAME,
            new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519), key))
        .addExtension(Extension.subjectKeyIdentifier, false, new byte[extensionBytes])
        .build(signer)
        .getEncoded();
  }

  /// Signs anything with the same bytes.
  private record FixedSigner(ByteString signature, org.bouncycastle.asn1.ASN1ObjectIdentifier oid)
      implements ContentSigner {
    FixedSigner(byte[] signature, org.bouncycastle.asn1.ASN1ObjectIdentifier oid) {
      this(ByteString.copyFrom(signature), oid);
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(oid);
    }

    @Override
    public java.io.OutputStream getOutputStream() {
      return java.io.OutputStream.nullOutputStream();
    }

    @Override
    public byte[] getSignature() {
      return signature.toByteArray();
    }
  }

  @Test
  void withoutTheFlagTheTransportDoesNotStart() {
    String flag = "jdk.tls.server.newSessionTicketCount";
    String before = System.getProperty(flag);
    try {
      System.clearProperty(flag);
      assertThatThrownBy(() -> TransportSecurity.of(key, signatures))
          .isInstanceOf(TransportFailure.class)
          .hasMessageContaining("-Djdk.tls.server.newSessionTicketCount=0");
    } finally {
      System.setProperty(flag, before);
    }
    assertThat(TransportSecurity.of(key, signatures).nodeKey()).isEqualTo(key.id());
  }
}
