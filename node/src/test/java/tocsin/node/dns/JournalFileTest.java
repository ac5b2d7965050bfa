package tocsin.node.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class JournalFileTest {
  private static final Name ORIGIN = Texts.name("alert.rpz.");
  private static final Soa AUTHORITY = Soa.usual();

  @TempDir private Path folder;

  private JournalFile journal() {
    return new JournalFile(folder.resolve("journal"), ORIGIN, AUTHORITY);
  }

  private static VersionedZone first(long serial) {
    return VersionedZone.first(
        Zone.of(
            ORIGIN,
            AUTHORITY,
            new Serial(serial),
            Texts.records(ORIGIN, "www A 192.0.2.1\n*.www A 192.0.2.1\nwww TXT \"a\" \"b\"")));
  }

  private static VersionedZone next(VersionedZone before, int i) {
    String text =
        i % 7 == 0
            ? ""
            : "www A 192.0.2.%d\nn%d AAAA 2001:db8::%d\nmany TXT \"%d\"\nmany TXT \"same\""
                .formatted(i % 250, i % 13, i, i);
    long serial = (before.zone().serial().value() + 1) % (1L << 32);
    return before.next(new Serial(serial), Texts.records(ORIGIN, text));
  }

  private static void assertSame(VersionedZone loaded, VersionedZone expected) {
    assertThat(loaded.zone().serial()).isEqualTo(expected.zone().serial());
    assertThat(Texts.lines(loaded.zone().records()))
        .isEqualTo(Texts.lines(expected.zone().records()));
    // Differences: each step of the way is the same.
    assertThat(steps(loaded.journal())).isEqualTo(steps(expected.journal()));
  }

  private static List<String> steps(ZoneJournal journal) {
    return journal.differences().stream()
        .map(step ->
            step.from()
                + " "
                + lines(step.oldSoa())
                + lines(step.removed())
                + " "
                + step.to()
                + lines(step.newSoa())
                + lines(step.added()))
        .toList();
  }

  private static List<String> lines(List<OwnerRecords> owners) {
    return owners.stream().map(JournalFileTest::lines).toList();
  }

  private static String lines(OwnerRecords owner) {
    Name name = Names.fromWire(owner.owner());
    return owner.sets().stream().map(set -> Texts.lines(set.records(name))).toList().toString();
  }

  @Test
  void whatWasAppendedIsThereAfterARestart() {
    assertThat(journal().load()).isEmpty();
    VersionedZone zone = first(4_294_967_290L);
    journal().append(zone, false);
    for (int restart = 0; restart < 5; restart++) {
      JournalFile journal = journal();
      assertSame(journal.load().orElseThrow(), zone);
      for (int i = 0; i < 60; i++) {
        zone = next(zone, 60 * restart + i);
        journal.append(zone, true);
      }
    }
    assertThat(zone.journal().size()).isEqualTo(300);
    assertSame(journal().load().orElseThrow(), zone);
  }

  @Test
  void itIsWrittenAnewBeforeItGrowsWithoutBounds() throws IOException {
    JournalFile journal = journal();
    VersionedZone zone = first(1);
    journal.append(zone, false);
    String filler = "x".repeat(250);
    long largest = 0;
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 20; j++) {
        text.append("n%d TXT \"%s\" \"%d\"\n".formatted(j, filler, i));
      }
      zone = zone.next(new Serial(i + 2L), Texts.records(ORIGIN, text.toString()));
      journal.append(zone, true);
      largest = Math.max(largest, Files.size(folder.resolve("journal")));
    }
    // The last 1,000 differences have 12 MB.
    assertThat(largest).isLessThan(48 << 20);
    assertSame(journal().load().orElseThrow(), zone);
  }

  @Test
  void damageAndTornEndsAreLeftOut() throws IOException {
    List<VersionedZone> versions = new ArrayList<>(List.of(first(1)));
    JournalFile journal = journal();
    journal.append(versions.getFirst(), false);
    for (int i = 1; i <= 20; i++) {
      versions.add(next(versions.getLast(), i));
      journal.append(versions.getLast(), true);
    }
    Path file = folder.resolve("journal");
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 300; i++) {
      byte[] bytes = whole.clone();
      if (i % 2 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      }
      Files.write(file, bytes);
      JournalFile again = journal();
      VersionedZone loaded = again.load().orElse(null);
      if (loaded == null) {
        continue;
      }
      // A version as it was, never another; and what comes next is kept.
      VersionedZone was = versions.get((int) loaded.zone().serial().value() - 1);
      assertSame(loaded, was);
      VersionedZone after = loaded.next(new Serial(100), Texts.records(ORIGIN, "x A 192.0.2.9"));
      again.append(after, true);
      assertSame(journal().load().orElseThrow(), after);
    }
  }

  @Test
  void anotherZonesJournalIsNotRead() {
    journal().append(first(1), false);
    Name other = Texts.name("other.rpz.");
    JournalFile journal = new JournalFile(folder.resolve("journal"), other, Soa.usual());
    assertThat(journal.load()).isEmpty();
    VersionedZone zone = VersionedZone.first(Zone.of(other, Soa.usual(), new Serial(5), List.of()));
    journal.append(zone, false);
    assertSame(
        new JournalFile(folder.resolve("journal"), other, Soa.usual()).load().orElseThrow(), zone);
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoObstacle() throws IOException {
    JournalFile journal =
        new JournalFile(folder.resolve("missing").resolve("journal"), ORIGIN, AUTHORITY);
    VersionedZone zone = first(1);
    journal.append(zone, false);
    Files.createDirectory(folder.resolve("missing"));
    zone = next(zone, 1);
    journal.append(zone, true);
    assertThat(folder.resolve("missing").resolve("journal")).exists();
  }
}
