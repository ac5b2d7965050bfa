package tocsin.node.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;
import tocsin.node.config.NodeConfig.NotifyTarget;
import tocsin.node.config.NodeConfig.TransferRule;
import tocsin.trust.DnsName;

/// What a value of the configuration must be, and how it is read and shown.
///
/// @param what for messages: "an IP address and a port"
/// @param example as TOML: "\"127.0.0.1:7401\""
/// @param fromToml makes the value of what the TOML parser gives; throws `IllegalArgumentException`
///   with a sentence, or [BadItems]
/// @param fromText turns the text of an environment variable or flag into what `fromToml` takes
/// @param show as TOML
record Kind<T>(
    String what,
    String example,
    Function<Object, T> fromToml,
    Function<String, Object> fromText,
    Function<T, String> show) {

  /// Items of a list are wrong: what is wrong with each, by its index.
  static final class BadItems extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private final transient SortedMap<Integer, String> items;

    BadItems(SortedMap<Integer, String> items) {
      super("some items of the list are wrong");
      this.items = items;
    }

    SortedMap<Integer, String> items() {
      return items;
    }
  }

  /// The same with an example that fits its place.
  Kind<T> like(String otherExample) {
    return new Kind<>(what, otherExample, fromToml, fromText, show);
  }

  static final Kind<String> TEXT =
      text("a text in quotes", "\"...\"", Function.identity(), Object::toString);

  static final Kind<Boolean> BOOLEAN =
      new Kind<>(
          "true or false",
          "true",
          value -> {
            if (value instanceof Boolean flag) {
              return flag;
            }
            throw wrongType("true or false", value);
          },
          text ->
              switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> text;
              },
          Object::toString);

  static final Kind<Duration> DURATION =
      text("a time", "\"30s\" or \"10m\" or \"24h\"", Durations::parse, Durations::show);

  /// Where to listen, or a server: never looked up.
  static final Kind<InetSocketAddress> ADDRESS_PORT =
      text(
          "an IP address and a port",
          "\"127.0.0.1:7401\"",
          value -> HostPort.parseNumeric(value).toSocketAddress(),
          Kind::shown);

  static final Kind<HostPort> HOST_PORT =
      text("a host and a port", "\"node.example.net:7353\"", HostPort::parse, HostPort::toString);

  static final Kind<DnsName> ZONE =
      text("a domain name", "\"alert.rpz.\"", Kind::zone, DnsName::toString);

  static final Kind<TransferRule> TRANSFER_RULE =
      text(
          "an address, a key, or both",
          "\"192.0.2.7\" or \"key:node-key\" or \"192.0.2.7 key:node-key\"",
          Kind::transferRule,
          TransferRule::toString);

  static final Kind<NotifyTarget> NOTIFY_TARGET =
      text(
          "an address with a port, and perhaps a key",
          "\"192.0.2.7:53\" or \"192.0.2.7:53 key:node-key\"",
          Kind::notifyTarget,
          target -> shown(target.address()) + target.key().map(key -> " key:" + key).orElse(""));

  static final Kind<URI> WEB_ADDRESS =
      text("a web address", "\"http://127.0.0.1:8083\"", Kind::webAddress, URI::toString);

  static Kind<Integer> integer(int from, int to) {
    String what = String.format(Locale.ROOT, "a whole number from %,d to %,d", from, to);
    return new Kind<>(
        what,
        Integer.toString(from),
        value -> {
          if (!(value instanceof Long number)) {
            throw wrongType(what, value);
          }
          if (number < from || number > to) {
            throw new IllegalArgumentException("must be " + what + ", not " + number);
          }
          return number.intValue();
        },
        text -> text.matches("-?[0-9]{1,18}") ? (Object) Long.parseLong(text) : text,
        Object::toString);
  }

  /// One of the constants, written as their `toString` says.
  static <E extends Enum<E>> Kind<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    List<String> words = Arrays.stream(constants).map(Enum::toString).toList();
    String quoted =
        words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(" or "));
    return text(
        "one of " + String.join(", ", words),
        quoted,
        value -> {
          int index = words.indexOf(value);
          if (index < 0) {
            throw new IllegalArgumentException("must be one of " + String.join(", ", words));
          }
          return constants[index];
        },
        Enum::toString);
  }

  static <T> Kind<List<T>> listOf(Kind<T> item) {
    return new Kind<>(
        "a list",
        "[" + item.example + "]",
        value -> items(item, value),
        text ->
            text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList(),
        items -> items.stream().map(item.show).collect(Collectors.joining(", ", "[", "]")));
  }

  private static <T> List<T> items(Kind<T> item, Object value) {
    List<?> given =
        switch (value) {
          case TomlArray array -> array.toList();
          case List<?> list -> list;
          default -> throw wrongType("a list in square brackets", value);
        };
    List<T> items = new ArrayList<>();
    SortedMap<Integer, String> wrong = new TreeMap<>();
    for (int i = 0; i < given.size(); i++) {
      try {
        items.add(item.fromToml.apply(given.get(i)));
      } catch (IllegalArgumentException e) {
        wrong.put(i, String.valueOf(e.getMessage()));
      }
    }
    if (!wrong.isEmpty()) {
      throw new BadItems(wrong);
    }
    return List.copyOf(items);
  }

  static <T> Kind<T> text(
      String what, String example, Function<String, T> parse, Function<T, String> show) {
    return new Kind<>(
        what,
        example,
        value -> {
          if (value instanceof String text) {
            return parse.apply(text);
          }
          throw wrongType(what, value);
        },
        text -> text,
        value -> quoted(show.apply(value)));
  }

  static String quoted(String text) {
    return '"' + Toml.tomlEscape(text).toString() + '"';
  }

  private static IllegalArgumentException wrongType(String wanted, Object value) {
    String given =
        switch (value) {
          case String text -> "the text " + quoted(text);
          case Long number -> "the number " + number;
          case Double number -> "the number " + number;
          case Boolean flag -> flag.toString();
          case TomlArray _ -> "a list";
          case TomlTable _ -> "a table";
          default -> "a date";
        };
    return new IllegalArgumentException("must be " + wanted + ", not " + given);
  }

  static String shown(InetSocketAddress address) {
    return new HostPort(HostPort.shown(address.getAddress()), address.getPort()).toString();
  }

  private static DnsName zone(String text) {
    DnsName name = DnsName.of(text);
    if (name.isRoot()) {
      throw new IllegalArgumentException("the root cannot be one of our zones");
    }
    return name;
  }

  private static TransferRule transferRule(String text) {
    Optional<InetAddress> address = Optional.empty();
    Optional<DnsName> key = Optional.empty();
    for (String word : text.strip().split(" +", -1)) {
      if (word.startsWith("key:") && key.isEmpty()) {
        key = Optional.of(DnsName.of(word.substring("key:".length())));
      } else if (address.isEmpty() && key.isEmpty() && HostPort.literal(word).isPresent()) {
        address = HostPort.literal(word);
      } else {
        throw new IllegalArgumentException(
            quoted(text) + " is not an IP address, \"key:NAME\" or \"ADDRESS key:NAME\"");
      }
    }
    return new TransferRule(address, key);
  }

  private static NotifyTarget notifyTarget(String text) {
    String[] words = text.strip().split(" +", -1);
    if (words.length > 2 || (words.length == 2 && !words[1].startsWith("key:"))) {
      throw new IllegalArgumentException(
          quoted(text) + " is not \"ADDRESS:PORT\" or \"ADDRESS:PORT key:NAME\"");
    }
    return new NotifyTarget(
        HostPort.parseNumeric(words[0]).toSocketAddress(),
        words.length == 1
            ? Optional.empty()
            : Optional.of(DnsName.of(words[1].substring("key:".length()))));
  }

  private static URI webAddress(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException(quoted(text) + " is not a web address (http or https)");
  }
}
