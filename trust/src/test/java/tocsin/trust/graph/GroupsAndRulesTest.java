package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static tocsin.trust.Cast.HOUR;
import static tocsin.trust.Cast.NOW;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Org;
import tocsin.trust.Cast.Voice;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;

/// Organizations that are one party, and rules for certain names.
class GroupsAndRulesTest {
  private static final List<Role> BOTH = List.of(Role.VETTER, Role.SUBMITTER);

  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, 60);
  private final Org one = new Org("Trust One");
  private final Org two = new Org("Trust Two");
  private final Org isp = new Org("Example ISP");
  private final TreeSet<OrganizationId> anchors = new TreeSet<>(List.of(one.id, two.id));
  private long clock = NOW - 1_000;

  private void see(Envelope... envelopes) {
    for (Envelope it : envelopes) {
      assertThat(graph.add(it, clock++)).isTrue();
    }
  }

  private static Org member(String name, String group) {
    return new Org(name, new Voice(name + " root"), new Voice(name + " key"), group);
  }

  private static TrustPolicy policy(NameRules names, List<List<OrganizationId>> groups) {
    return new TrustPolicy(
        1,
        2,
        4,
        false,
        24 * HOUR,
        60,
        TrustPolicy.Approval.AUTOMATIC,
        false,
        3,
        names,
        groups,
        1_000);
  }

  private AlertJudgement judge(Envelope alert, TrustPolicy policy) {
    return new Judge(graph, policy, anchors).judge(alert.id(), NOW).orElseThrow();
  }

  private int found(Envelope alert, List<List<OrganizationId>> groups) {
    return judge(alert, policy(NameRules.NONE, groups)).found();
  }

  @Test
  void membersOfADeclaredGroupCountOnce() {
    Org north = member("Holding North", "holding.example");
    Org south = member("Holding South", "holding.example");
    Org other = member("Other", "other.example");
    see(one.profile, two.profile, north.profile, south.profile, other.profile);
    see(one.vouch(north, BOTH, 0), two.vouch(south, BOTH, 0), two.vouch(other, BOTH, 0));
    Envelope alert = north.override("bank.test");
    see(alert, south.endorse(alert));
    assertThat(found(alert, List.of())).isEqualTo(1);
    see(other.endorse(alert));
    assertThat(found(alert, List.of())).isEqualTo(2);
  }

  @Test
  void theAdministratorKnowsBetter() {
    Org north = member("North", "");
    Org south = member("South", "");
    see(one.profile, two.profile, north.profile, south.profile);
    see(one.vouch(north, BOTH, 0), two.vouch(south, BOTH, 0));
    Envelope alert = north.override("bank.test");
    see(alert, south.endorse(alert));
    assertThat(found(alert, List.of())).isEqualTo(2);
    assertThat(found(alert, List.of(List.of(north.id, south.id)))).isEqualTo(1);
    assertThat(found(alert, List.of(List.of(one.id, two.id))))
        .as("anchors of one group, too")
        .isEqualTo(1);
    assertThat(found(alert, List.of(List.of(one.id, south.id)))).isEqualTo(1);
  }

  @Test
  void oneGroupBehindBothVettersIsOnePathAndAWayAroundIsFound() {
    Org east = member("Vetter East", "vetters.example");
    Org west = member("Vetter West", "vetters.example");
    Org free = member("Vetter Free", "");
    Org security = member("Security", "");
    see(one.profile, two.profile, east.profile, west.profile, free.profile);
    see(isp.profile, security.profile);
    see(one.vouch(east, BOTH, 2), two.vouch(west, BOTH, 2));
    see(east.vouch(isp, BOTH, 0), west.vouch(security, BOTH, 0));
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    assertThat(found(alert, List.of())).isEqualTo(1);
    see(two.vouch(free, BOTH, 2), free.vouch(security, BOTH, 0));
    assertThat(found(alert, List.of())).isEqualTo(2);
  }

  /// Declaring somebody's group makes nobody vetted, and takes nothing from the vetted one.
  @Test
  void aStrangerInTheGroupGainsAndSpoilsNothing() {
    Org vetter = member("Vetter", "vetters.example");
    Org stranger = member("Stranger", "vetters.example");
    Org sybil = member("Sybil", "");
    Org security = member("Security", "");
    see(one.profile, two.profile, vetter.profile, stranger.profile, sybil.profile);
    see(isp.profile, security.profile);
    see(one.vouch(vetter, BOTH, 2), vetter.vouch(isp, BOTH, 0), two.vouch(security, BOTH, 0));
    see(stranger.vouch(sybil, BOTH, 0));
    Envelope lie = sybil.override("bank.test");
    see(lie, security.endorse(lie));
    assertThat(found(lie, List.of())).isEqualTo(1);
    Envelope alert = isp.override("bank.test");
    see(alert, security.endorse(alert));
    assertThat(found(alert, List.of())).isEqualTo(2);
  }

  private Envelope accepted(String name) {
    Org security = new Org("Security for " + name);
    see(one.profile, two.profile, isp.profile, security.profile);
    see(one.vouch(isp, BOTH, 0), two.vouch(security, BOTH, 0));
    Envelope alert = isp.override(name);
    see(alert, security.endorse(alert));
    return alert;
  }

  private static NameRules rules(
      List<NameRules.SuffixRule> suffixes, List<String> never, List<String> famous) {
    return new NameRules(
        suffixes,
        never.stream().map(DnsName::of).toList(),
        famous.stream().map(DnsName::of).toList(),
        3);
  }

  private static NameRules.SuffixRule rule(
      String suffix, int overridePaths, int endorsements, boolean manual) {
    return new NameRules.SuffixRule(
        DnsName.of(suffix),
        OptionalInt.empty(),
        overridePaths == 0 ? OptionalInt.empty() : OptionalInt.of(overridePaths),
        OptionalInt.empty(),
        endorsements == 0 ? OptionalInt.empty() : OptionalInt.of(endorsements),
        manual ? Optional.of(TrustPolicy.Approval.MANUAL) : Optional.empty());
  }

  @Test
  void someNamesAreNeverOverriddenAndFamousOnesNeedThree() {
    Envelope alert = accepted("www.bank.test");
    assertThat(judge(alert, policy(NameRules.NONE, List.of())).isActive()).isTrue();
    AlertJudgement never =
        judge(alert, policy(rules(List.of(), List.of("bank.test"), List.of()), List.of()));
    assertThat(((AlertStatus.Refused) never.status()).guard()).isEqualTo(Guard.NEVER_OVERRIDDEN);
    AlertJudgement famous =
        judge(alert, policy(rules(List.of(), List.of(), List.of("bank.test")), List.of()));
    assertThat(famous.required()).isEqualTo(3);
    assertThat(famous.status()).isEqualTo(new AlertStatus.Pending());
    assertThat(
            ContentGuards.requiredOverridePaths(
                List.of(DnsName.of("www.google.com")), false, TrustPolicy.DEFAULT))
        .isEqualTo(3);
  }

  @Test
  void theLongestSuffixDecidesValueByValue() {
    Envelope alert = accepted("www.bank.test");
    NameRules rules =
        rules(
            List.of(rule("test", 4, 0, true), rule("bank.test", 1, 0, false)),
            List.of(),
            List.of());
    AlertJudgement judgement = judge(alert, policy(rules, List.of()));
    assertThat(judgement.required()).isEqualTo(1);
    assertThat(judgement.waitingForApproval()).as("from the shorter suffix").isTrue();
    AlertJudgement endorsed =
        judge(
            alert,
            policy(rules(List.of(rule("test", 0, 2, false)), List.of(), List.of()), List.of()));
    assertThat(endorsed.required()).as("two endorsers and the submitter").isEqualTo(3);
  }
}
