package tocsin.node.dns;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Packets as an enemy or a broken line sends them: good ones, damaged.
final class HostilePackets {
  private HostilePackets() {}

  /// Good requests of each kind.
  static List<byte[]> seeds(TsigKey key) {
    Name name = Texts.name("www.example.");
    Message edns = Texts.query("www.example. A");
    edns.addRecord(new OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
    // The lookup zone, with signatures and cookies.
    Message looked = Texts.query("www.bank.test.q.alerts.test. TXT");
    looked.addRecord(
        new OPTRecord(1232, 0, 0, 0x8000, List.of(new CookieOption(new byte[8]))),
        Section.ADDITIONAL);
    Message absent = Texts.query("%s._sha256.a.alerts.test. A".formatted("0f".repeat(28)));
    absent.addRecord(new OPTRecord(1232, 0, 0, 0x8000), Section.ADDITIONAL);
    Message ixfr = Message.newQuery(Record.newRecord(Texts.name("example."), Type.IXFR, DClass.IN));
    ixfr.addRecord(new SOARecord(name, DClass.IN, 0, name, name, 3, 1, 1, 1, 1), Section.AUTHORITY);
    MessageWriter signed = new MessageWriter(Limits.REQUEST_BYTES);
    signed.bytes(ixfr.toWire());
    new Tsig(List.of(key), InstantSource.system()).signer(key, new byte[0]).sign(signed);
    return List.of(
        Texts.query("www.example. A").toWire(),
        Texts.query("x.w.example. TXT").toWire(),
        edns.toWire(),
        looked.toWire(),
        absent.toWire(),
        Texts.query("example. AXFR").toWire(),
        ixfr.toWire(),
        signed.toByteArray());
  }

  /// One of the seeds with some bytes changed, cut off, put in or repeated; now and then only
  /// noise.
  static byte[] next(Random random, List<byte[]> seeds) {
    if (random.nextInt(10) == 0) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] packet = seeds.get(random.nextInt(seeds.size())).clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(packet.length);
      switch (random.nextInt(5)) {
        case 0 -> packet[at] = (byte) random.nextInt(256);
        case 1 -> packet[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> packet = Arrays.copyOf(packet, Math.max(1, at));
        case 3 -> packet = Arrays.copyOf(packet, packet.length + random.nextInt(600));
        default -> {
          byte[] bytes = {0, 1, 0x3f, 0x40, (byte) 0xc0, (byte) 0xff};
          packet[at] = bytes[random.nextInt(bytes.length)];
        }
      }
    }
    return packet;
  }
}
