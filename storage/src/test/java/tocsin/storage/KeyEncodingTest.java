package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tocsin.storage.KeyEncoding.FeedKey;
import tocsin.storage.KeyEncoding.NameKey;
import tocsin.trust.DnsName;
import tocsin.trust.KeyId;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Keys come back as they were, and their bytes are ordered as they are.
class KeyEncodingTest {
  private final Random random = new Random(1);

  private static <K> void check(Encoding<K> encoding, Comparator<K> order, List<K> keys) {
    for (K key : keys) {
      assertThat(encoding.read(encoding.write(key))).isEqualTo(key);
    }
    for (K a : keys) {
      for (K b : keys) {
        int byBytes = Arrays.compareUnsigned(encoding.write(a), encoding.write(b));
        assertThat(Integer.signum(byBytes))
            .as("%s and %s", a, b)
            .isEqualTo(Integer.signum(order.compare(a, b)));
      }
    }
  }

  private long number() {
    return random.nextLong() >>> (1 + random.nextInt(63));
  }

  private Sha256 hash() {
    return random.nextBoolean()
        ? new Sha256(0, 0, 0, random.nextInt(3))
        : new Sha256(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong());
  }

  @Test
  void numbers() {
    List<Long> numbers = new ArrayList<>(List.of(0L, 1L, 255L, 256L, Long.MAX_VALUE));
    for (int i = 0; i < 100; i++) {
      numbers.add(number());
    }
    check(KeyEncoding.NUMBER, Comparator.naturalOrder(), numbers);
    assertThatThrownBy(() -> KeyEncoding.NUMBER.write(-1L))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> KeyEncoding.NUMBER.read(new byte[7]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void statementIds() {
    List<StatementId> ids = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ids.add(new StatementId(hash()));
    }
    check(KeyEncoding.STATEMENT_ID, Comparator.naturalOrder(), ids);
  }

  @Test
  void feeds() {
    List<FeedKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(new FeedKey(new KeyId(hash()), number() % 1_000, number() % 1_000));
    }
    check(
        KeyEncoding.FEED,
        Comparator.comparing(FeedKey::key)
            .thenComparingLong(FeedKey::sequence)
            .thenComparingLong(FeedKey::index),
        keys);
  }

  @Test
  void nodes() {
    List<MerkleTree.Position> positions = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      positions.add(new MerkleTree.Position(random.nextInt(63), number()));
    }
    check(
        KeyEncoding.NODE,
        Comparator.comparingInt(MerkleTree.Position::level)
            .thenComparingLong(MerkleTree.Position::index),
        positions);
  }

  @Test
  void texts() {
    check(
        KeyEncoding.TEXT,
        Comparator.naturalOrder(),
        List.of("a", "a/", "a/1", "a/10", "a/2", "aa", "A", "~", "!"));
  }

  @Test
  void namesStandWithTheirParentsBeforeThem() {
    List<DnsName> inOrder = new ArrayList<>();
    for (String name :
        List.of(
            ".",
            "test.",
            "ban.test.",
            "bank.test.",
            "a.bank.test.",
            "b.a.bank.test.",
            "www.bank.test.",
            "bank-a.test.",
            "banka.test.",
            "tests.",
            "a".repeat(63) + ".x.")) {
      inOrder.add(DnsName.parse(name));
    }
    List<NameKey> keys = new ArrayList<>();
    for (DnsName name : inOrder) {
      for (long index : new long[] {0, 1, 256, Long.MAX_VALUE}) {
        keys.add(new NameKey(name, index));
      }
    }
    Comparator<NameKey> order =
        Comparator.<NameKey>comparingInt(key -> inOrder.indexOf(key.name()))
            .thenComparingLong(NameKey::index);
    check(KeyEncoding.NAME, order, keys);
  }

  @Test
  void aNamesPrefixIsItsOwnOnly() {
    byte[] prefix = KeyEncoding.namePrefix(DnsName.parse("bank.test."));
    byte[] own = KeyEncoding.NAME.write(new NameKey(DnsName.parse("bank.test."), 5));
    byte[] below = KeyEncoding.NAME.write(new NameKey(DnsName.parse("a.bank.test."), 5));
    assertThat(Arrays.mismatch(prefix, own)).isEqualTo(prefix.length);
    assertThat(Arrays.mismatch(prefix, below)).isLessThan(prefix.length);
  }
}
