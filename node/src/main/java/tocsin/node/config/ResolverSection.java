package tocsin.node.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tocsin.node.config.ResolverConfig.UnboundControl;

/// One `[[resolver]]`: which keys it has depends on its kind.
final class ResolverSection {
  private static final Kind<List<String>> COMMAND =
      Kind.listOf(
          Kind.text("a word of a command", "\"rndc\"", ResolverSection::word, word -> word));

  private final Section section;
  private final NodeFolder folder;

  ResolverSection(Section section, NodeFolder folder) {
    this.section = section;
    this.folder = folder;
  }

  private enum Word {
    UNBOUND,
    BIND,
    POWERDNS,
    KNOT,
    COMMAND;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// Empty only if something was wrong with it.
  Optional<ResolverConfig> read() {
    Optional<String> name =
        section.require(
            "name", Kind.text("a short name", "\"r1\"", ResolverSection::name, text -> text));
    Optional<Word> kind = section.require("kind", Kind.choice(Word.class));
    Optional<InetSocketAddress> address = section.require("address", Kind.ADDRESS_PORT);
    if (kind.isEmpty()) {
      // Which other keys there may be, nobody knows.
      return Optional.empty();
    }
    Optional<ResolverConfig> resolver =
        switch (kind.get()) {
          case UNBOUND -> unbound(name, address);
          case BIND -> bind(name, address);
          case POWERDNS -> powerDns(name, address);
          case KNOT -> knot(name, address);
          case COMMAND -> command(name, address);
        };
    section.end();
    return section.failed() ? Optional.empty() : resolver;
  }

  private static String word(String text) {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("must be a word of a command");
    }
    return text;
  }

  private static String name(String text) {
    if (!text.matches("[A-Za-z0-9_.-]{1,32}")) {
      throw new IllegalArgumentException("must be 1 to 32 letters, digits, '.', '-' or '_'");
    }
    return text;
  }

  private Optional<ResolverConfig> unbound(
      Optional<String> name, Optional<InetSocketAddress> address) {
    Optional<String> control = section.require("control", Kind.TEXT.like("\"127.0.0.1:8953\""));
    Optional<Path> server = file("server-certificate");
    Optional<Path> client = file("client-certificate");
    Optional<Path> key = file("client-key");
    if (control.isEmpty()) {
      return Optional.empty();
    }
    boolean files = server.isPresent() && client.isPresent() && key.isPresent();
    if (isPath(control.get())) {
      if (server.isPresent() || client.isPresent() || key.isPresent()) {
        section.problem(
            "control", "a Unix socket takes no certificates", "", "leave the certificates out");
        return Optional.empty();
      }
      return complete(
          name,
          address,
          (n, a) ->
              new ResolverConfig.Unbound(
                  n, a, new UnboundControl.Socket(folder.resolve(control.get()))));
    }
    try {
      InetSocketAddress at = HostPort.parseNumeric(control.get()).toSocketAddress();
      if (!files) {
        section.problem(
            "control",
            "by TCP it needs server-certificate, client-certificate and client-key",
            "unbound's control channel is TLS with certificates on both sides",
            "the files that unbound-control-setup makes");
        return Optional.empty();
      }
      return complete(
          name,
          address,
          (n, a) ->
              new ResolverConfig.Unbound(
                  n,
                  a,
                  new UnboundControl.Tls(
                      at, server.orElseThrow(), client.orElseThrow(), key.orElseThrow())));
    } catch (IllegalArgumentException e) {
      section.problem(
          "control",
          String.valueOf(e.getMessage()),
          "",
          "\"127.0.0.1:8953\" or the path of a socket, with a slash in it");
      return Optional.empty();
    }
  }

  private static boolean isPath(String control) {
    return control.indexOf('/') >= 0 || control.endsWith(".sock");
  }

  private Optional<ResolverConfig> bind(
      Optional<String> name, Optional<InetSocketAddress> address) {
    List<String> rndc = section.get("rndc", COMMAND, List.of("rndc"));
    if (rndc.isEmpty()) {
      section.problem("rndc", "is empty", "", "[\"rndc\"]");
    }
    return complete(name, address, (n, a) -> new ResolverConfig.Bind(n, a, rndc));
  }

  private Optional<ResolverConfig> powerDns(
      Optional<String> name, Optional<InetSocketAddress> address) {
    Optional<URI> api = section.require("api", Kind.WEB_ADDRESS);
    Optional<Path> key =
        section
            .require("api-key-file", Kind.TEXT.like("\"keys/pdns-api-key\""))
            .map(folder::resolve);
    List<String> recControl = section.get("rec-control", COMMAND, List.of());
    if (api.isEmpty() || key.isEmpty()) {
      return Optional.empty();
    }
    return complete(
        name,
        address,
        (n, a) -> new ResolverConfig.PowerDns(n, a, api.get(), key.get(), recControl));
  }

  private Optional<ResolverConfig> knot(
      Optional<String> name, Optional<InetSocketAddress> address) {
    Optional<Path> control =
        section
            .require("control", Kind.TEXT.like("\"/run/knot-resolver/control/1\""))
            .map(folder::resolve);
    Optional<Path> rpz =
        section
            .require("rpz-file", Kind.TEXT.like("\"/var/lib/knot-resolver/alert.rpz\""))
            .map(folder::resolve);
    if (control.isEmpty() || rpz.isEmpty()) {
      return Optional.empty();
    }
    return complete(
        name, address, (n, a) -> new ResolverConfig.Knot(n, a, control.get(), rpz.get()));
  }

  private Optional<ResolverConfig> command(
      Optional<String> name, Optional<InetSocketAddress> address) {
    Optional<List<String>> flush =
        section.require("flush", COMMAND.like("[\"flush-cache\", \"{name}\"]"));
    Optional<Path> overlayFile = file("overlay-file");
    List<String> overlay = command("overlay", "[\"load-zone\", \"{file}\"]");
    List<String> serial = command("serial", "[\"zone-serial\", \"{zone}\"]");
    List<String> nameServers = command("name-servers", "[\"ask\", \"{zone}\", \"{addresses}\"]");
    List<String> clear = command("clear-name-servers", "[\"ask-no-more\", \"{zone}\"]");
    List<String> insecure = command("insecure", "[\"insecure\", \"{zone}\"]");
    List<String> secure = command("secure", "[\"secure\", \"{zone}\"]");
    if (flush.isEmpty()) {
      return Optional.empty();
    }
    if (flush.get().isEmpty()) {
      section.problem("flush", "is empty", "", "[\"flush-cache\", \"{name}\"]");
    }
    if (nameServers.isEmpty() != clear.isEmpty()) {
      section.problem(
          nameServers.isEmpty() ? "clear-name-servers" : "name-servers",
          "name-servers and clear-name-servers belong together",
          "what one does the other must take back",
          "both, or neither");
    }
    if (insecure.isEmpty() != secure.isEmpty()) {
      section.problem(
          insecure.isEmpty() ? "secure" : "insecure",
          "insecure and secure belong together",
          "what one does the other must take back",
          "both, or neither");
    }
    return complete(
        name,
        address,
        (n, a) ->
            new ResolverConfig.Command(
                n,
                a,
                flush.get(),
                overlayFile,
                overlay,
                serial,
                nameServers,
                clear,
                insecure,
                secure));
  }

  private List<String> command(String key, String example) {
    return section.optional(key, COMMAND.like(example)).orElse(List.of());
  }

  private Optional<Path> file(String key) {
    return section.optional(key, Kind.TEXT).map(folder::resolve);
  }

  private interface Maker {
    ResolverConfig make(String name, InetSocketAddress address);
  }

  private static Optional<ResolverConfig> complete(
      Optional<String> name, Optional<InetSocketAddress> address, Maker maker) {
    return name.flatMap(n -> address.map(a -> maker.make(n, a)));
  }
}
