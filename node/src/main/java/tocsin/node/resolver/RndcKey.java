package tocsin.node.resolver;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a BIND is driven and by which key, as the words of an `rndc` command and its files say it.
///
/// @param algorithm Java's name of the HMAC
/// @param code the same on the wire (`lib/isccc`: 157 MD5, 161 SHA-1, 162 to 165 SHA-2)
/// @param secret the shared key
record RndcKey(InetSocketAddress address, String algorithm, int code, ByteString secret) {
  private static final int PORT = 953;

  /// Where Debian's rndc looks if it is told nothing.
  private static final List<Path> USUAL =
      List.of(Path.of("/etc/bind/rndc.conf"), Path.of("/etc/bind/rndc.key"));

  private record Hmac(String java, int code) {}

  private static final Map<String, Hmac> ALGORITHMS =
      Map.of(
          "hmac-md5", new Hmac("HmacMD5", 157),
          "hmac-sha1", new Hmac("HmacSHA1", 161),
          "hmac-sha224", new Hmac("HmacSHA224", 162),
          "hmac-sha256", new Hmac("HmacSHA256", 163),
          "hmac-sha384", new Hmac("HmacSHA384", 164),
          "hmac-sha512", new Hmac("HmacSHA512", 165));

  /// Texts in quotation marks are kept as they are: a secret in base64 may have "//" in it.
  private static final Pattern TEXT_OR_COMMENT =
      Pattern.compile("(\"[^\"]*\")|/\\*.*?\\*/|//[^\\n]*|#[^\\n]*", Pattern.DOTALL);

  private static final Pattern KEY =
      Pattern.compile("\\bkey\\s+\"?([^\\s\"{;]+)\"?\\s*\\{([^}]*)\\}");
  private static final Pattern OPTIONS = Pattern.compile("\\boptions\\s*\\{([^}]*)\\}");

  /// What the command says; empty if it is more than this understands, or the files are not there:
  /// then the command itself is run, and knows best.
  static Optional<RndcKey> of(List<String> command) {
    if (!command.getFirst().equals("rndc") && !command.getFirst().endsWith("/rndc")) {
      return Optional.empty();
    }
    Optional<Path> file = Optional.empty();
    Optional<String> server = Optional.empty();
    Optional<String> port = Optional.empty();
    Optional<String> name = Optional.empty();
    for (int i = 1; i + 1 < command.size(); i += 2) {
      String value = command.get(i + 1);
      switch (command.get(i)) {
        case "-c", "-k" -> file = Optional.of(Path.of(value));
        case "-s" -> server = Optional.of(value);
        case "-p" -> port = Optional.of(value);
        case "-y" -> name = Optional.of(value);
        default -> {
          return Optional.empty();
        }
      }
    }
    if (command.size() % 2 == 0) {
      return Optional.empty();
    }
    try {
      Optional<Path> path = file.or(() -> USUAL.stream().filter(Files::exists).findFirst());
      if (path.isEmpty() || Files.size(path.get()) > ResolverLimits.PEM_BYTES) {
        return Optional.empty();
      }
      return of(Files.readString(path.get(), StandardCharsets.ISO_8859_1), server, port, name);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<RndcKey> of(
      String file, Optional<String> server, Optional<String> port, Optional<String> name) {
    String text =
        TEXT_OR_COMMENT
            .matcher(file)
            .replaceAll(it -> it.group(1) == null ? " " : Matcher.quoteReplacement(it.group(1)));
    if (text.contains("include")
        || Pattern.compile("(?:^|[;}\\s])server\\s").matcher(text).find()) {
      return Optional.empty();
    }
    Matcher options = OPTIONS.matcher(text);
    String defaults = options.find() ? options.group(1) : "";
    Optional<String> wanted = name.or(() -> value(defaults, "default-key"));
    Matcher key = KEY.matcher(text);
    while (key.find()) {
      if (wanted.isEmpty() || wanted.get().equals(key.group(1))) {
        Hmac hmac =
            ALGORITHMS.get(value(key.group(2), "algorithm").orElse("").toLowerCase(Locale.ROOT));
        Optional<String> secret = value(key.group(2), "secret");
        String host = server.or(() -> value(defaults, "default-server")).orElse("127.0.0.1");
        if (hmac == null || secret.isEmpty()) {
          return Optional.empty();
        }
        InetAddress address = InetAddress.ofLiteral(host.equals("localhost") ? "127.0.0.1" : host);
        int at =
            Integer.parseInt(
                port.or(() -> value(defaults, "default-port")).orElse(Integer.toString(PORT)));
        return Optional.of(
            new RndcKey(
                new InetSocketAddress(address, at),
                hmac.java(),
                hmac.code(),
                ByteString.copyFrom(Base64.getDecoder().decode(secret.get()))));
      }
    }
    return Optional.empty();
  }

  /// The value of a statement, `algorithm hmac-sha256;`, without quotation marks.
  private static Optional<String> value(String clause, String statement) {
    Matcher found =
        Pattern.compile("(?:^|[\\s;])" + statement + "\\s+\"?([^\\s\";]+)\"?").matcher(clause);
    return found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  @Override
  public String toString() {
    // Never the secret.
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }
}
