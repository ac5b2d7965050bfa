package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import tocsin.trust.DnsName;

/// Commands are run as they stand, and what they do wrong is said.
class CommandResolverIT {
  private static final DnsName RPZ = DnsName.parse("alert.rpz.");
  private static final DnsName BANK = DnsName.parse("www.bank.test.");
  private static final InetSocketAddress NOWHERE =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);

  @TempDir Path folder;
  Path heard;

  /// A program that writes down each of its arguments in a line of its own.
  @BeforeEach
  void script() throws IOException {
    heard = folder.resolve("heard");
    Path script = folder.resolve("tell");
    Files.writeString(
        script,
        "#!/bin/sh\nfor word in \"$@\"; do printf '%s\\n' \"$word\"; done >>" + heard + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  private String tell() {
    return folder.resolve("tell").toString();
  }

  private CommandResolver resolver(List<String> flush, List<String> serial) {
    return new CommandResolver(
        "w1",
        NOWHERE,
        new CommandResolver.Commands(
            flush,
            Optional.of(folder.resolve("overlay")),
            List.of(tell(), "overlay", "{file}", "{serial}"),
            serial,
            List.of(tell(), "ask", "{zone}", "{addresses}", "of={addresses}"),
            List.of(tell(), "forget", "{zone}"),
            List.of(),
            List.of()));
  }

  @Test
  void wordsAreFilledAndNothingIsAShell() throws Exception {
    try (CommandResolver it =
        resolver(List.of(tell(), "$(touch x)", "a b", "; {name} |", "{name}", "*"), List.of())) {
      it.flush(BANK);
      it.correctNameServers(
          BANK, List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1")));
      it.clearNameServers(BANK);
    }
    assertThat(Files.readAllLines(heard))
        .containsExactly(
            "$(touch x)",
            "a b",
            "; www.bank.test |",
            "www.bank.test",
            "*",
            "ask",
            "www.bank.test",
            "192.0.2.1",
            "2001:db8::1",
            "of=192.0.2.1,2001:db8::1",
            "forget",
            "www.bank.test");
  }

  @Test
  void theOverlayIsWrittenOnceAndItsSerialReadBack() throws Exception {
    try (CommandResolver it = resolver(List.of("true"), List.of("echo", "serial 12 of", "77"))) {
      it.offer(
          new OverlayZone(
              Name.fromConstantString("alert.rpz."),
              77,
              List.of(
                  new TXTRecord(
                      Name.fromConstantString("www.bank.test.alert.rpz."), DClass.IN, 5, "a\"b"))));
      assertThat(it.heldSerial(RPZ)).isEqualTo(OptionalLong.of(77));
      assertThat(it.heldSerial(RPZ)).isEqualTo(OptionalLong.of(77));
      assertThat(Files.readAllLines(heard))
          .containsExactly("overlay", folder.resolve("overlay").toString(), "77");
      assertThat(Files.readString(folder.resolve("overlay")))
          .startsWith("alert.rpz.")
          .contains("www.bank.test.alert.rpz.")
          .contains("a\\\"b");
    }
  }

  @Test
  void whatGoesWrongIsASentence() throws Exception {
    try (CommandResolver fails = resolver(List.of("sh", "-c", "echo no >&2; exit 3"), List.of())) {
      assertThatThrownBy(() -> fails.flush(BANK))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("w1")
          .hasMessageContaining("ended with 3: no");
      assertThatThrownBy(() -> fails.setInsecure(BANK))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("needs insecure = [...]");
    }
    try (CommandResolver missing = resolver(List.of("no-such-program"), List.of())) {
      assertThatThrownBy(() -> missing.flush(BANK))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("there is no such program");
    }
  }

  @Test
  void aCommandThatDoesNotEndIsStoppedWithAllItStarted() {
    try (CommandResolver slow = resolver(List.of("sh", "-c", "sleep 60 & sleep 60"), List.of())) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> slow.flush(BANK))
          .isInstanceOf(ResolverException.class)
          .hasMessageContaining("w1");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void aCommandThatNeverStopsTalkingIsCutOff() {
    try (CommandResolver talks = resolver(List.of("yes", "no"), List.of())) {
      assertThatThrownBy(() -> talks.flush(BANK)).isInstanceOf(ResolverException.class);
    }
  }
}
