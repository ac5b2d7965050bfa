package tocsin.trust.graph;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Links.Link;

/// Compared with a list that is looked through.
final class LinksTest {
  @Test
  void holdsWhatWasPutWhateverTheOrder() {
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      boolean careless = seed % 2 == 0;
      Links links = new Links();
      List<Link> model = new ArrayList<>();
      for (int step = 0; step < 40; step++) {
        Link link = link(random, careless);
        boolean known = model.removeIf(it -> it.id().equals(link.id()));
        boolean alone = links.put(link);
        model.add(link);
        if (alone) {
          assertThat(model.stream().filter(it -> it.sequence() >= link.sequence())).hasSize(1);
          assertThat(model.stream().filter(it -> it.slot() >= link.slot())).hasSize(1);
        }
        if (!careless
            && !known
            && model.stream().allMatch(it -> it.sequence() <= link.sequence())
            && model.stream().filter(it -> it.sequence() == link.sequence()).count() == 1) {
          assertThat(alone).isTrue();
        }
      }
      compare(links, model);
    }
  }

  /// What a link is follows from its id, but for when it was seen.
  private static Link link(Random random, boolean careless) {
    int number = random.nextInt(30);
    int variant = random.nextInt(10) == 0 ? 1 : 0;
    StatementId id = id(number + " " + variant);
    long slot = careless ? (number * 7) % 11 : number;
    return new Link(
        id,
        1 + number,
        number == 0 ? null : id(number - 1 + " 0"),
        Links.slot(400_000 + slot / 3, (int) (slot % 3)),
        random.nextInt(1_000));
  }

  private static StatementId id(String text) {
    return new StatementId(Sha256.of(ByteString.copyFromUtf8(text)));
  }

  private static void compare(Links links, List<Link> model) {
    assertThat(links.size()).isEqualTo(model.size());
    for (Link link : model) {
      assertThat(links.find(link.id(), link.sequence())).isEqualTo(link);
      assertThat(links.find(link.id())).isEqualTo(link);
      assertThat(links.find(link.id(), link.sequence() + 1)).isNull();
      assertThat(shown(found -> links.withSequence(link.sequence(), found::add)))
          .isEqualTo(those(model, it -> it.sequence() == link.sequence()));
      assertThat(shown(found -> links.inSlots(link.slot(), link.slot() + 2, found::add)))
          .isEqualTo(those(model, it -> it.slot() >= link.slot() && it.slot() <= link.slot() + 2));
    }
    assertThat(links.find(id("nobody's"))).isNull();
  }

  private static List<Link> shown(Consumer<List<Link>> asking) {
    List<Link> found = new ArrayList<>();
    asking.accept(found);
    return those(found, _ -> true);
  }

  private static List<Link> those(List<Link> links, Predicate<Link> wanted) {
    return links.stream().filter(wanted).sorted(Comparator.comparing(Link::id)).toList();
  }
}
