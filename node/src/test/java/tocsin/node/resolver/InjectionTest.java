package tocsin.node.resolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;

/// Names and texts from alerts never become anything but names and texts: in zone files, Lua,
/// control lines, file lines and argument vectors.
class InjectionTest {
  /// What comes between two things that mean something, in one language or another.
  private static final List<String> SEPARATORS =
      List.of(
          "\n",
          "\r\n",
          "\0",
          ";",
          "\"",
          "'",
          "`",
          "$(",
          "|",
          "&",
          "\\",
          "\t",
          " ",
          "%0a",
          "]]",
          "--",
          "{",
          "}",
          "\u2028",
          "\u0085",
          "\u001b[31m",
          "(",
          ")",
          "#",
          "/*");

  /// What would do harm if it were understood.
  private static final List<String> HARMFUL =
      List.of(
          "shutdown",
          "UBCT1 stop",
          "os.execute('touch /tmp/x')",
          "$INCLUDE /etc/passwd",
          "$ORIGIN .",
          "* 5 IN A 203.0.113.66",
          "bank.test=203.0.113.66",
          "}; zone \"bank.test\" { type forward; }");

  static Stream<String> corpus() {
    List<String> all = new ArrayList<>();
    for (String separator : SEPARATORS) {
      for (String harmful : HARMFUL) {
        all.add("www" + separator + harmful);
      }
    }
    all.addAll(List.of("..", ".", "", "-rf", "--help", "@", "*", "a".repeat(64), "a.".repeat(200)));
    return all.stream();
  }

  @Test
  void theCorpusIsLargeEnough() {
    assertThat(corpus().distinct()).hasSizeGreaterThanOrEqualTo(150);
  }

  /// The first lock: none of these is a name but the empty one, the root.
  @ParameterizedTest
  @MethodSource("corpus")
  void noneOfTheseIsAName(String text) {
    DnsName name;
    try {
      name = DnsName.of(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(name.toString()).matches("\\.|([a-z0-9_-]{1,63}\\.)+").doesNotStartWith("-");
  }

  /// What can be in an alert as text is a TXT string of any bytes: it stays one record in a zone
  /// file, and comes back as the same bytes.
  @ParameterizedTest
  @MethodSource("corpus")
  void aTextInTheOverlayFileStaysThatText(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteString string = ByteString.copyFrom(bytes, 0, Math.min(bytes.length, 255));
    Record record =
        DnsData.record(
            DnsName.of("www.bank.test.alert.rpz"), new CorrectRecord.Txt(List.of(string)));
    String file =
        new OverlayZone(Name.fromConstantString("alert.rpz."), 7, List.of(record)).masterFile();
    assertThat(file.lines()).hasSize(2);
    assertThat(file.chars()).allMatch(c -> c == '\n' || c == '\t' || (c >= 0x20 && c < 0x7f));
    try (Master master =
        new Master(new java.io.ByteArrayInputStream(file.getBytes(StandardCharsets.US_ASCII)))) {
      master.disableIncludes(true);
      assertThat(master.nextRecord()).isNotNull();
      Record back = master.nextRecord();
      assertThat(back).isInstanceOf(TXTRecord.class);
      assertThat(((TXTRecord) back).getStringsAsByteArrays()).containsExactly(string.toByteArray());
      assertThat(back.getName()).isEqualTo(record.getName());
      assertThat(master.nextRecord()).isNull();
    }
  }

  /// In Lua everything is a literal: it has no quote, no line end and no backslash but before three
  /// digits, and reads back as the same bytes.
  @ParameterizedTest
  @MethodSource("corpus")
  void inLuaATextIsALiteral(String text) {
    String literal = KnotControl.literal(text);
    String inside = literal.substring(1, literal.length() - 1);
    assertThat(inside).matches("([a-zA-Z0-9./_:-]|\\\\[0-9]{3})*");
    java.io.ByteArrayOutputStream back = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < inside.length(); i++) {
      if (inside.charAt(i) == '\\') {
        back.write(Integer.parseInt(inside.substring(i + 1, i + 4)));
        i += 3;
      } else {
        back.write(inside.charAt(i));
      }
    }
    assertThat(back.toByteArray()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    assertThat(KnotScript.load(Path.of("/x/" + text.replace("\0", "")), 1))
        .doesNotContain("\n")
        .matches("\\p{Print}*");
  }

  /// The control channel of unbound takes one line of printable ASCII, or nothing leaves.
  @ParameterizedTest
  @MethodSource("corpus")
  void aControlLineIsOneLine(String text) {
    boolean plain = text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    UnboundControl control = new UnboundControl.UnixSocket(Path.of("/nonexistent/socket"));
    if (plain) {
      assertThatThrownBy(() -> control.run("flush_zone " + text))
          .isInstanceOf(ResolverException.class);
    } else {
      assertThatThrownBy(() -> control.run("flush_zone " + text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /// What a resolver says is repeated in messages and logs as one harmless line.
  @ParameterizedTest
  @MethodSource("corpus")
  void aForeignTextInAMessageIsOneHarmlessLine(String text) {
    assertThat(UnboundControl.shown(text)).matches("[ -~]*").hasSizeLessThanOrEqualTo(123);
  }

  /// An argument reaches a program as it is, whatever is in it.
  @ParameterizedTest
  @MethodSource("corpus")
  void anArgumentIsNoShell(String text) throws Exception {
    if (text.indexOf('\0') >= 0) {
      assertThatThrownBy(
              () -> new Program(List.of("true")).run(List.of(text), ResolverLimits.PROBE))
          .isInstanceOf(IllegalArgumentException.class);
      return;
    }
    if (text.chars().anyMatch(c -> c > 0x7e)) {
      // How it is encoded is the machine's locale's affair.
      return;
    }
    assertThat(
            new Program(List.of("printf", "%s.")).run(List.of(text), ResolverLimits.PROBE).text())
        .isEqualTo(text + ".");
  }
}
