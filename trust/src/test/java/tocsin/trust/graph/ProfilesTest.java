package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static tocsin.trust.Cast.NOW;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.trust.Cast;
import tocsin.trust.Cast.Voice;
import tocsin.trust.Envelope;
import tocsin.trust.KeyUse;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;

/// An organization with two of three roots, and what it takes to change it.
class ProfilesTest {
  private final List<Voice> roots =
      List.of(new Voice("root 1"), new Voice("root 2"), new Voice("root 3"));
  private final Envelope genesis =
      profile(1, Optional.empty(), roots, 2, roots.get(0), roots.get(1));
  private final OrganizationId id = genesis.issuer();
  private final TrustGraph graph = new TrustGraph(Cast.NETWORK, 60);

  private static Envelope profile(
      int version,
      Optional<OrganizationId> issuer,
      List<Voice> roots,
      int threshold,
      Voice... signers) {
    List<SigningKey> keys = new ArrayList<>();
    for (Voice signer : signers) {
      keys.add(signer.key);
    }
    Statement.Profile profile =
        Cast.profile(
            signers[0]
                .header(issuer, NOW + version, 0)
                .signedBy(keys.stream().map(SigningKey::publicKey).toList()),
            version,
            "Version " + version,
            roots.stream().map(it -> it.key).toList(),
            threshold,
            List.of(Cast.everything(Cast.key("operational " + version))));
    return signers[0].say(profile, keys.subList(1, keys.size()).toArray(SigningKey[]::new));
  }

  private int version() {
    return graph.profile(id).map(Statement.Profile::version).orElse(0);
  }

  @Test
  void aGenesisNeedsItsOwnQuorum() {
    Envelope alone = profile(1, Optional.empty(), roots, 2, roots.get(0));
    graph.add(alone, NOW);
    assertThat(graph.profile(alone.issuer())).isEmpty();
    graph.add(genesis, NOW);
    assertThat(version()).isEqualTo(1);
  }

  @Test
  void theNextVersionNeedsAQuorumOfTheOldRootsAndOfTheNew() {
    graph.add(genesis, NOW);
    List<Voice> rotated = List.of(roots.get(0), new Voice("root 4"), new Voice("root 5"));
    graph.add(profile(2, Optional.of(id), rotated, 2, roots.get(0), roots.get(1)), NOW);
    assertThat(version()).as("only one of the new roots").isEqualTo(1);
    graph.add(profile(2, Optional.of(id), rotated, 2, rotated.get(1), rotated.get(2)), NOW);
    assertThat(version()).as("none of the old roots").isEqualTo(1);
    graph.add(
        profile(2, Optional.of(id), rotated, 2, roots.get(0), roots.get(1), rotated.get(2)), NOW);
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void versionsArriveInAnyOrder() {
    List<Voice> later = List.of(new Voice("root 4"));
    List<Envelope> versions =
        List.of(
            genesis,
            profile(2, Optional.of(id), roots, 2, roots.get(1), roots.get(2)),
            profile(3, Optional.of(id), later, 1, roots.get(0), roots.get(2), later.get(0)),
            profile(4, Optional.of(id), later, 1, later.get(0)));
    List<Envelope> shuffled = new ArrayList<>(versions);
    for (int round = 0; round < 24; round++) {
      Collections.shuffle(shuffled, new Random(round));
      TrustGraph fresh = new TrustGraph(Cast.NETWORK, 60);
      shuffled.forEach(it -> fresh.add(it, NOW));
      assertThat(fresh.profile(id).orElseThrow().version()).isEqualTo(4);
      assertThat(fresh.profileIds(id)).isEqualTo(versions.stream().map(Envelope::id).toList());
      assertThat(fresh.isKeyInUse(id, Cast.key("operational 4").id(), KeyUse.NODE, NOW)).isTrue();
      assertThat(fresh.isKeyInUse(id, Cast.key("operational 3").id(), KeyUse.NODE, NOW)).isFalse();
    }
  }

  @Test
  void aMissingVersionIsWaitedFor() {
    Envelope second = profile(2, Optional.of(id), roots, 2, roots.get(1), roots.get(2));
    Envelope third = profile(3, Optional.of(id), roots, 2, roots.get(0), roots.get(2));
    graph.add(genesis, NOW);
    graph.add(third, NOW);
    assertThat(version()).isEqualTo(1);
    graph.add(second, NOW);
    assertThat(version()).isEqualTo(3);
  }
}
