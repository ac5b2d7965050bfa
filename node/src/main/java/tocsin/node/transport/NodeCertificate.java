package tocsin.node.transport;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERGeneralizedTime;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
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
    AlgorithmIdentifier ed25519 = new AlgorithmIdentifier(ED25519);
    V3TBSCertificateGenerator certificate = new V3TBSCertificateGenerator();
    certificate.setSerialNumber(new ASN1Integer(1));
    certificate.setSignature(ed25519);
    certificate.setIssuer(name);
    certificate.setStartDate(NOT_BEFORE);
    certificate.setEndDate(NOT_AFTER);
    certificate.setSubject(name);
    certificate.setSubjectPublicKeyInfo(
        new SubjectPublicKeyInfo(ed25519, key.publicKey().key().toByteArray()));
    try {
      TBSCertificate signed = certificate.generateTBSCertificate();
      byte[] signature =
          key.sign(ByteString.copyFrom(signed.getEncoded(ASN1Encoding.DER))).toByteArray();
      byte[] der =
          new DERSequence(new ASN1Encodable[] {signed, ed25519, new DERBitString(signature)})
              .getEncoded(ASN1Encoding.DER);
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
    byte[] der = certificate.getEncoded();
    if (der.length > TransportLimits.CERTIFICATE_BYTES) {
      throw new CertificateException("the certificate is too large for a node's");
    }
    if (!certificate.getSigAlgOID().equals(ED25519.getId())) {
      throw new CertificateException("the certificate is not signed with Ed25519");
    }
    byte[] signature = certificate.getSignature();
    // The JDK lets a bit string pass that leaves out bits of its last byte.
    if (signature.length >= der.length || der[der.length - signature.length - 1] != 0) {
      throw new CertificateException("the certificate's signature is no whole number of bytes");
    }
    tocsin.trust.PublicKey key = rawKey(certificate.getPublicKey());
    if (!signatures.verify(
        key,
        ByteString.copyFrom(certificate.getTBSCertificate()),
        ByteString.copyFrom(signature))) {
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
}
