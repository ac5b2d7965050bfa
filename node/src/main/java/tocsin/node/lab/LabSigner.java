package tocsin.node.lab;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Signs what the lab's servers answer, at the moment they do (RFC 4035), with denials that cover
/// just the name asked for (RFC 9824): a chain of trust from `test.` to the victim, without a
/// signed root, since the lab's resolvers get `test.` as their trust anchor.
final class LabSigner {
  private static final Name LEAST = Name.fromConstantString("\\000");

  /// One zone's key.
  private record Key(DNSKEYRecord dnskey, PrivateKey secret) {}

  private final Key registry = key(LabZones.TEST);
  private final Key victim = key(LabZones.VICTIM);
  private final Key stranger = key(LabZones.VICTIM);
  private volatile boolean wrongDs;
  private final Map<List<Record>, Record> signatures = new ConcurrentHashMap<>();
  private final Instant begin = Instant.now().minus(Duration.ofHours(1));
  private final Instant end = Instant.now().plus(Duration.ofDays(7));

  private static Key key(Name zone) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      DNSKEYRecord dnskey =
          new DNSKEYRecord(
              zone,
              DClass.IN,
              LabLimits.TTL_SECONDS,
              DNSKEYRecord.Flags.ZONE_KEY | DNSKEYRecord.Flags.SEP_KEY,
              DNSKEYRecord.Protocol.DNSSEC,
              DNSSEC.Algorithm.ECDSAP256SHA256,
              pair.getPublic());
      return new Key(dnskey, pair.getPrivate());
    } catch (NoSuchAlgorithmException
        | InvalidAlgorithmParameterException
        | DNSSEC.DNSSECException e) {
      throw new AssertionError("every Java has P-256", e);
    }
  }

  /// The DS of the registry's key: "test. IN DS 1234 13 2 ABCD".
  String anchor() {
    DSRecord ds =
        new DSRecord(LabZones.TEST, DClass.IN, 0, DNSSEC.Digest.SHA256, registry.dnskey());
    return "test. IN DS "
        + ds.getFootprint()
        + " "
        + ds.getAlgorithm()
        + " "
        + ds.getDigestID()
        + " "
        + org.xbill.DNS.utils.base16.toString(ds.getDigest());
  }

  /// Whether the registry has a DS for a key that the victim does not have.
  void wrongDs(boolean wrong) {
    wrongDs = wrong;
  }

  private DSRecord victimDs() {
    return new DSRecord(
        LabZones.VICTIM,
        DClass.IN,
        LabLimits.TTL_SECONDS,
        DNSSEC.Digest.SHA256,
        (wrongDs ? stranger : victim).dnskey());
  }

  private static boolean wantsSignatures(Message query) {
    return query.getOPT() != null && (query.getOPT().getFlags() & ExtendedFlags.DO) != 0;
  }

  /// The answer as a signed server gives it.
  ///
  /// @param zone the origin that it comes from
  /// @param soa of that zone
  /// @param secure whether the registry has a DS for the victim now
  Message signed(Message query, Message answer, Name zone, Record soa, boolean secure) {
    Optional<Key> key = keyOf(zone);
    if (key.isEmpty()) {
      return answer;
    }
    Record question = query.getQuestion();
    Name name = question.getName();
    int type = question.getType();
    if (type == Type.DNSKEY && name.equals(zone)) {
      replaceBy(answer, List.of(key.get().dnskey()), Section.ANSWER);
    } else if (type == Type.DS && zone.equals(LabZones.TEST) && name.equals(LabZones.VICTIM)) {
      if (secure) {
        replaceBy(answer, List.of(victimDs()), Section.ANSWER);
      } else {
        replaceBy(answer, List.of(soa), Section.AUTHORITY);
      }
    } else if (type == Type.DS && isReferral(answer)) {
      replaceBy(answer, List.of(soa), Section.AUTHORITY);
    }
    if (wantsSignatures(query)) {
      sign(answer, question, key.get(), secure);
      answer.addRecord(
          new OPTRecord(LabLimits.UDP_ANSWER_BYTES, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    }
    return answer;
  }

  private Optional<Key> keyOf(Name zone) {
    if (zone.equals(LabZones.TEST)) {
      return Optional.of(registry);
    }
    return zone.equals(LabZones.VICTIM) ? Optional.of(victim) : Optional.empty();
  }

  private static boolean isReferral(Message answer) {
    return !answer.getHeader().getFlag(Flags.AA) && answer.getRcode() == Rcode.NOERROR;
  }

  private static void replaceBy(Message answer, List<? extends Record> records, int section) {
    answer.removeAllRecords(Section.ANSWER);
    answer.removeAllRecords(Section.AUTHORITY);
    answer.removeAllRecords(Section.ADDITIONAL);
    answer.getHeader().setFlag(Flags.AA);
    answer.getHeader().setRcode(Rcode.NOERROR);
    records.forEach(record -> answer.addRecord(record, section));
  }

  private void sign(Message answer, Record question, Key key, boolean secure) {
    if (isReferral(answer)) {
      for (Record record : answer.getSection(Section.AUTHORITY)) {
        if (record.getType() == Type.NS) {
          Record proof =
              secure && record.getName().equals(LabZones.VICTIM)
                  ? victimDs()
                  : denial(record.getName(), new int[] {Type.NS, Type.RRSIG, Type.NSEC});
          answer.addRecord(proof, Section.AUTHORITY);
          answer.addRecord(signature(List.of(proof), key), Section.AUTHORITY);
          return;
        }
      }
      return;
    }
    boolean negative = answer.getSection(Section.ANSWER).isEmpty();
    if (negative) {
      // The name exists in this denial, and has nothing: no proof of what lies around it is needed.
      answer.getHeader().setRcode(Rcode.NOERROR);
      answer.addRecord(denial(question.getName(), typesBeside(question, key)), Section.AUTHORITY);
    }
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (List<Record> set : sets(answer.getSection(section))) {
        answer.addRecord(signature(set, key), section);
      }
    }
  }

  /// What the denial may admit to: at a zone's top there are SOA and NS, asked for or not.
  private static int[] typesBeside(Record question, Key key) {
    TreeSet<Integer> types = new TreeSet<>(List.of(Type.RRSIG, Type.NSEC));
    if (question.getName().equals(key.dnskey().getName())) {
      types.addAll(List.of(Type.SOA, Type.NS, Type.DNSKEY));
    } else if (question.getType() == Type.DS) {
      types.add(Type.NS);
    }
    types.remove(question.getType());
    return types.stream().mapToInt(Integer::intValue).toArray();
  }

  private static NSECRecord denial(Name name, int[] types) {
    try {
      return new NSECRecord(name, DClass.IN, 60, Name.concatenate(LEAST, name), types);
    } catch (NameTooLongException e) {
      throw new IllegalArgumentException("no room below " + name, e);
    }
  }

  private static List<List<Record>> sets(List<Record> records) {
    Map<String, List<Record>> sets = new LinkedHashMap<>();
    for (Record record : records) {
      sets.computeIfAbsent(record.getName() + " " + record.getType(), _ -> new ArrayList<>())
          .add(record);
    }
    return List.copyOf(sets.values());
  }

  private Record signature(List<Record> set, Key key) {
    return signatures.computeIfAbsent(
        List.copyOf(set),
        each -> {
          try {
            return DNSSEC.sign(
                new RRset(each.toArray(Record[]::new)), key.dnskey(), key.secret(), begin, end);
          } catch (DNSSEC.DNSSECException e) {
            throw new AssertionError("the lab's keys can sign", e);
          }
        });
  }
}
