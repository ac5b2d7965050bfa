package tocsin.node.resolver;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.OverlayPrimary;
import tocsin.trust.DnsName;

/// What every resolver with an actuator must do, played on the lab internet.
abstract class ResolverContract {
  static final DnsName RPZ = DnsName.parse("alert.rpz.");
  static final DnsName DOMAIN = DnsName.parse("checkfree.test.");
  static final DnsName WWW = DnsName.parse("www.checkfree.test.");
  static final DnsName MAIL = DnsName.parse("mail.checkfree.test.");
  static final String RIGHT = "192.0.2.80";
  static final String ROGUE = "203.0.113.66";

  /// A resolver of one kind that lives in the lab.
  interface Subject extends AutoCloseable {
    /// Where it answers.
    InetSocketAddress address();

    /// Whether it fetches the overlay at a NOTIFY.
    default boolean takesNotify() {
      return true;
    }

    /// Whether it can say that it has no zone of a name.
    default boolean knowsZonesByName() {
      return true;
    }

    /// The actuator under test, named r1.
    Resolver actuator();

    /// A second one for the same resolver, which knows nothing of what the first one did: as after
    /// a crash of the node.
    Resolver actuatorAnew();

    /// Ends it, to come again.
    void stop() throws Exception;

    /// Starts it with an empty cache where it was.
    void startAgain() throws Exception;

    @Override
    void close();
  }

  LabInternet lab;
  OverlayPrimary primary;
  Subject subject;
  Resolver resolver;

  /// A lab in which this kind of resolver can live.
  abstract LabInternet lab() throws Exception;

  /// Starts a resolver in the lab with its overlay from the primary.
  abstract Subject start(LabInternet lab, OverlayPrimary primary) throws Exception;

  @BeforeEach
  void setUp() throws Exception {
    lab = lab();
    primary = new OverlayPrimary();
    subject = start(lab, primary);
    resolver = subject.actuator();
  }

  @AfterEach
  void tearDown() throws Exception {
    // What was not reached is null, whatever its type says: a skipped test.
    for (AutoCloseable each : Arrays.asList(resolver, subject, primary, lab)) {
      if (each != null) {
        each.close();
      }
    }
  }

  List<String> ask(DnsName name) throws ResolverException {
    return ask(name, Type.A);
  }

  List<String> ask(DnsName name, int type) throws ResolverException {
    return resolver.probe(new Question(name, type)).texts();
  }

  void awaitHeld(long serial) {
    await()
        .atMost(10, SECONDS)
        .until(() -> resolver.heldSerial(RPZ).equals(OptionalLong.of(serial)));
  }

  void tellOfTheNewSerial() throws Exception {
    if (subject.takesNotify()) {
      primary.notify(subject.address());
    }
  }

  @Test
  void answersFromTheRightNameServersWhileAllIsWell() throws Exception {
    assertThat(ask(WWW)).containsExactly(RIGHT);
    assertThat(ask(DOMAIN, Type.MX)).containsExactly("10 mail.checkfree.test.");
    assertThat(ask(DOMAIN, Type.TXT)).containsExactly("\"v=spf1 mx -all\"");
    Answer alias = resolver.probe(new Question(DnsName.parse("pay.checkfree.test."), Type.A));
    assertThat(alias.aliases()).containsExactly("www.checkfree.test.");
    assertThat(alias.texts()).containsExactly(RIGHT);
    Answer missing = resolver.probe(new Question(DnsName.parse("missing.checkfree.test."), Type.A));
    assertThat(missing.status()).isEqualTo("NXDOMAIN");
    assertThat(missing.data()).isEmpty();
    assertThat(lab.rogueAnswers()).isZero();
  }

  @Test
  void goesOnServingTheLieAfterTheRepairUntilItIsFlushed() throws Exception {
    lab.hijackDelegation();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    lab.repair();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    assertThat(ask(MAIL)).as("the rogue delegation is cached too").containsExactly(ROGUE);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    assertThat(ask(MAIL)).containsExactly("192.0.2.25");
  }

  @Test
  void aFlushOfOneNameBelowAHijackedDelegationFetchesTheLieAgain() throws Exception {
    lab.hijackDelegation();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    lab.repair();
    resolver.flush(WWW);
    assertThat(ask(WWW)).containsExactly(ROGUE);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }

  @Test
  void aFlushBeforeTheRepairFetchesTheLieAgain() throws Exception {
    lab.hijackAddress();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(ROGUE);
    lab.repair();
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }

  @Test
  void aFlushForgetsThatANameDidNotExist() throws Exception {
    DnsName gone = DnsName.parse("portal.rogue.test.");
    LongSupplier asked = lab.queriesAbout(Name.fromString(gone.toString()));
    assertThat(resolver.probe(new Question(gone, Type.A)).status()).isEqualTo("NXDOMAIN");
    long before = settled(asked);
    assertThat(before).isPositive();
    assertThat(resolver.probe(new Question(gone, Type.A)).status()).isEqualTo("NXDOMAIN");
    assertThat(settled(asked)).as("from the cache").isEqualTo(before);
    resolver.flush(DnsName.parse("rogue.test."));
    assertThat(resolver.probe(new Question(gone, Type.A)).status()).isEqualTo("NXDOMAIN");
    assertThat(asked.getAsLong()).as("asked again").isGreaterThan(before);
  }

  /// A question that was sent twice, because the answer was late, is counted late.
  private static long settled(LongSupplier count) {
    long[] last = {-1};
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(() -> {
          long now = count.getAsLong();
          boolean same = now == last[0];
          last[0] = now;
          return same;
        });
    return last[0];
  }

  @Test
  void takesTheOverlayAndTellsItsSerial() throws Exception {
    awaitHeld(primary.serial());
    lab.hijackDelegation();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    primary.publish(
        "www.checkfree.test A 192.0.2.80",
        "checkfree.test MX 10 mail.checkfree.test.",
        "*.checkfree.test A 192.0.2.80");
    tellOfTheNewSerial();
    awaitHeld(primary.serial());
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    assertThat(ask(DOMAIN, Type.MX)).containsExactly("10 mail.checkfree.test.");
    assertThat(ask(DnsName.parse("deep.down.checkfree.test."))).containsExactly(RIGHT);
    assertThat(ask(DOMAIN)).as("a type absent at an overridden name is no data").isEmpty();
    // Withdrawn: the resolver believes the world again, which is still hijacked.
    primary.publish();
    tellOfTheNewSerial();
    awaitHeld(primary.serial());
    // Nothing was flushed: an answer from the overlay may be cached for its 5 seconds.
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(ask(WWW)).containsExactly(ROGUE));
  }

  @Test
  void aZoneThatIsNotConfiguredIsAClearFailure() {
    assumeTrue(subject.knowsZonesByName(), "it takes a file, which has no zone's name");
    assertThatThrownBy(() -> resolver.heldSerial(DnsName.parse("other.rpz.")))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("r1 has no zone other.rpz.");
  }

  @Test
  void asksTheCorrectNameServersWhileTheRegistryIsWrong() throws Exception {
    lab.hijackDelegation();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    List<InetAddress> right = List.copyOf(lab.rightNameServers().values());
    resolver.correctNameServers(DOMAIN, right);
    resolver.correctNameServers(DOMAIN, right);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    assertThat(ask(MAIL)).containsExactly("192.0.2.25");
    resolver.clearNameServers(DOMAIN);
    resolver.clearNameServers(DOMAIN);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).as("the registry is still wrong").containsExactly(ROGUE);
    lab.repair();
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }

  /// What is ours at a resolver is known from the resolver itself.
  @Test
  void aNodeThatCrashedKnowsAgainWhatIsItsOwn() throws Exception {
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rogueNameServers().values()));
    resolver.setInsecure(DOMAIN);
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(ROGUE);
    try (Resolver anew = subject.actuatorAnew()) {
      anew.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
      anew.flush(DOMAIN);
      assertThat(ask(WWW)).containsExactly(RIGHT);
      anew.correctNameServers(DOMAIN, List.copyOf(lab.rogueNameServers().values()));
    }
    try (Resolver anew = subject.actuatorAnew()) {
      anew.clearNameServers(DOMAIN);
      anew.clearInsecure(DOMAIN);
      anew.flush(DOMAIN);
      assertThat(ask(WWW)).containsExactly(RIGHT);
    }
  }

  @Test
  void aCorrectionReplacesAnEarlierOne() throws Exception {
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rogueNameServers().values()));
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(ROGUE);
    resolver.correctNameServers(DOMAIN, List.copyOf(lab.rightNameServers().values()));
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }

  @Test
  void aCorrectionOfManyAddressesAndALongNameFits() throws Exception {
    DnsName longest =
        DnsName.parse("a".repeat(63).concat(".").repeat(3) + "b".repeat(40) + ".checkfree.test.");
    List<InetAddress> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      many.add(InetAddress.ofLiteral("2001:db8:1234:5678:9abc:def0:1234:%x".formatted(0x1000 + i)));
    }
    resolver.correctNameServers(longest, many);
    resolver.clearNameServers(longest);
  }

  @Test
  void validationCanBeSuspendedAndResumedTwice() throws Exception {
    resolver.setInsecure(DOMAIN);
    resolver.setInsecure(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
    resolver.clearInsecure(DOMAIN);
    resolver.clearInsecure(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }

  @Test
  void aGoodConfigurationNeedsNoAdvice() throws Exception {
    assertThat(resolver.advice()).isEmpty();
  }

  @Test
  void aResolverThatIsDownSaysSoAndWorksWhenItIsBack() throws Exception {
    lab.hijackDelegation();
    assertThat(ask(WWW)).containsExactly(ROGUE);
    subject.stop();
    assertThatThrownBy(() -> resolver.flush(DOMAIN))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("r1");
    assertThatThrownBy(() -> resolver.heldSerial(RPZ))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("r1");
    assertThatThrownBy(() -> ask(WWW))
        .isInstanceOf(ResolverException.class)
        .hasMessageContaining("r1")
        .hasMessageContaining("refused");
    primary.publish("www.checkfree.test A 192.0.2.80");
    subject.startAgain();
    awaitHeld(primary.serial());
    resolver.flush(DOMAIN);
    assertThat(ask(WWW)).containsExactly(RIGHT);
  }
}
