package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;

/// The certificate that a node shows in TLS: an envelope for its Ed25519 key (RFC 8410) and no
/// more. Names, dates and extensions in it mean nothing; the clock is not the authority.
final class NodeCertificate {
  /// DER of an Ed25519 SubjectPublicKeyInfo up to the key itself (RFC 8410 section 4).
  private static final byte[] KEY_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  private static final ASN1ObjectIdentifier ED25519 = EdECObjectIdentifiers.id_Ed25519;

  /// From long ago until RFC 5280's "no well-defined expiration date" (section 4.1.2.5).
  private static final Time NOT_BEFORE = new Time(new DERUTCTime("700101000000Z"));

  private static final Time NOT_AFTER = new Time(new DERGeneralizedTime("99991231235959Z"));

  private NodeCertificate() {}

  /// The one certificate for this key: made anew it is the same, byte by byte.
  static X509Certificate of(SigningKey key) {
    X500Name name = new X500Name("CN=tocsin node");
    SubjectPublicKeyInfo publicKey =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(ED25519), key.publicKey().key().toByteArray());
    try {
      byte[] der =
          new X509v3CertificateBuilder(name, BigInteger.ONE, NOT_BEFORE, NOT_AFTER, name, publicKey)
              .build(new KeySigner(key))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | CertificateException e) {
      throw new AssertionError("a certificate of constants and a key can be made", e);
    }
  }

  /// The key in a chain that a peer showed.
  ///
  /// @throws CertificateException unless the chain is exactly one certificate of an Ed25519 key
  ///   that is usable under the strict rule and has signed the certificate itself
  static tocsin.trust.PublicKey keyIn(X509Certificate[] chain, Signatures signatures)
      throws CertificateException {
    if (chain.length != 1) {
      throw new CertificateException("a node shows one certificate, not " + chain.length);
    }
    X509Certificate certificate = chain[0];
    if (certificate.getEncoded().length > TransportLimits.CERTIFICATE_BYTES) {
      throw new CertificateException("the certificate is too large for a node's");
    }
    if (!certificate.getSigAlgOID().equals(ED25519.getId())) {
      throw new CertificateException("the certificate is not signed with Ed25519");
    }
    tocsin.trust.PublicKey key = rawKey(certificate.getPublicKey());
    if (!signatures.verify(
        key,
        ByteString.copyFrom(certificate.getTBSCertificate()),
        ByteString.copyFrom(certificate.getSignature()))) {
      throw new CertificateException("the certificate is not signed by its own key");
    }
    return key;
  }

  /// The key in a certificate that [#keyIn] has let through before.
  static tocsin.trust.PublicKey acceptedKey(X509Certificate certificate) {
    try {
      return rawKey(certificate.getPublicKey());
    } catch (CertificateException e) {
      throw new AssertionError("the handshake let no other key pass", e);
    }
  }

  private static tocsin.trust.PublicKey rawKey(PublicKey key) throws CertificateException {
    byte[] der = key.getEncoded();
    int prefix = KEY_PREFIX.length;
    if (der == null
        || der.length != prefix + tocsin.trust.PublicKey.Algorithm.ED25519.keyBytes()
        || !Arrays.equals(der, 0, prefix, KEY_PREFIX, 0, prefix)) {
      throw new CertificateEncodingException("the certificate's key is no Ed25519 key");
    }
    return tocsin.trust.PublicKey.ed25519(ByteString.copyFrom(der, prefix, der.length - prefix));
  }

  /// Lets BouncyCastle's certificate builder sign with our key.
  private static final class KeySigner implements ContentSigner {
    private final SigningKey key;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    KeySigner(SigningKey key) {
      this.key = key;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return new AlgorithmIdentifier(ED25519);
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      return key.sign(ByteString.copyFrom(content.toByteArray())).toByteArray();
    }
  }
}
