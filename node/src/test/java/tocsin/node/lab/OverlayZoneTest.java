package tocsin.node.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

class OverlayZoneTest {
  static final Name ORIGIN = Name.fromConstantString("alert.rpz.");

  static OverlayZone zone(String... lines) throws Exception {
    List<Record> records = new ArrayList<>();
    records.add(new SOARecord(ORIGIN, DClass.IN, 5, ORIGIN, ORIGIN, 7, 30, 5, 3600, 5));
    for (String line : lines) {
      List<String> words = List.of(line.split(" ", 3));
      records.add(
          Record.fromString(
              Name.fromString(words.get(0), ORIGIN),
              Type.value(words.get(1)),
              DClass.IN,
              5,
              words.get(2),
              Name.root));
    }
    return OverlayZone.of(ORIGIN, records).orElseThrow();
  }

  static String policy(OverlayZone zone, String name) throws Exception {
    return switch (zone.policy(Name.fromString(name))) {
      case OverlayZone.Policy.PassThrough _ -> "real";
      case OverlayZone.Policy.NoSuchName _ -> "nxdomain";
      case OverlayZone.Policy.NoData _ -> "nodata";
      case OverlayZone.Policy.LocalData local ->
          String.join(
              " ",
              local.records().stream()
                  .map(each -> each.getName() + "=" + each.rdataToString())
                  .toList());
    };
  }

  @Test
  void anExactNameCoversItselfOnly() throws Exception {
    OverlayZone zone = zone("www.bank.test A 192.0.2.1");
    assertThat(policy(zone, "WWW.bank.test.")).isEqualTo("WWW.bank.test.=192.0.2.1");
    assertThat(policy(zone, "a.www.bank.test.")).isEqualTo("real");
    assertThat(policy(zone, "bank.test.")).isEqualTo("real");
    assertThat(policy(zone, ".")).isEqualTo("real");
  }

  @Test
  void aWildcardCoversWhatIsBelowAndTheExactNameWins() throws Exception {
    OverlayZone zone = zone("*.bank.test A 192.0.2.1", "www.bank.test A 192.0.2.2");
    assertThat(policy(zone, "bank.test.")).isEqualTo("real");
    assertThat(policy(zone, "a.b.bank.test.")).isEqualTo("a.b.bank.test.=192.0.2.1");
    assertThat(policy(zone, "www.bank.test.")).isEqualTo("www.bank.test.=192.0.2.2");
    assertThat(policy(zone, "xbank.test.")).isEqualTo("real");
  }

  @Test
  void cnamesToTheMagicTargetsAreActionsAndOthersAliases() throws Exception {
    OverlayZone zone =
        zone(
            "a.test CNAME .",
            "b.test CNAME *.",
            "c.test CNAME rpz-passthru.",
            "d.test CNAME shop.test.",
            "*.test A 192.0.2.9");
    assertThat(policy(zone, "a.test.")).isEqualTo("nxdomain");
    assertThat(policy(zone, "b.test.")).isEqualTo("nodata");
    assertThat(policy(zone, "c.test.")).isEqualTo("real");
    assertThat(policy(zone, "d.test.")).isEqualTo("d.test.=shop.test.");
  }

  @Test
  void aZoneWithoutASoaIsNone() {
    assertThat(OverlayZone.of(ORIGIN, List.of())).isEmpty();
  }
}
