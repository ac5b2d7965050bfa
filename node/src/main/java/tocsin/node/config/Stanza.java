package tocsin.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tocsin.node.config.NodeConfig.TsigKeyFile;

/// Configuration to paste: what makes a resolver take this node's overlay and be driven by it, with
/// every setting that turned out to be needed.
///
/// @param parts for the resolver, in order, each with where it belongs
/// @param section the `[[resolver]]` for this node's `tocsin.toml`
public record Stanza(List<Part> parts, String section) {
  /// @param file where it belongs, for people
  /// @param text to paste, comments included, in that file's language
  public record Part(String file, String text) {}

  /// A kind of resolver.
  public enum Resolver {
    UNBOUND("127.0.0.1:53", "/run/unbound.ctl"),
    BIND("127.0.0.1:53", ""),
    POWERDNS("127.0.0.1:53", "http://127.0.0.1:8082"),
    KNOT("127.0.0.1:53", "/run/knot-resolver/control");

    private final String address;
    private final String control;

    Resolver(String address, String control) {
      this.address = address;
      this.control = control;
    }

    /// As on the command line: "unbound".
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// What differs from a Debian machine with one resolver; empty: as there.
  ///
  /// @param address where the resolver answers, "127.0.0.1:53"
  /// @param control socket, or web address
  /// @param folder where files for it go
  public record Place(Optional<String> address, Optional<String> control, Optional<String> folder) {
    public static final Place USUAL =
        new Place(Optional.empty(), Optional.empty(), Optional.empty());
  }

  public Stanza {
    parts = List.copyOf(parts);
  }

  /// The stanza of one kind for this node.
  public static Stanza of(NodeConfig config, Resolver kind, Place place) {
    String address = place.address().orElse(kind.address);
    String control = place.control().orElse(kind.control);
    Node node = Node.of(config);
    return switch (kind) {
      case UNBOUND -> unbound(node, address, control);
      case BIND -> bind(node, address, place.folder().orElse(""));
      case POWERDNS -> powerDns(node, address, control, place.folder().orElse("/etc/powerdns"));
      case KNOT -> knot(address, control, place.folder().orElse("/var/lib/knot-resolver"));
    };
  }

  /// What the stanzas take from the configuration.
  ///
  /// @param host of the node's DNS server; loopback where it listens on all
  /// @param zone the overlay's name without trailing dot
  /// @param key the TSIG key that a transfer by a resolver may have to show
  private record Node(String host, int port, String zone, Optional<TsigKeyFile> key) {
    static Node of(NodeConfig config) {
      InetSocketAddress listen = config.dns().listen();
      String host =
          listen.getAddress().isAnyLocalAddress()
              ? "127.0.0.1"
              : HostPort.shown(listen.getAddress());
      boolean byAddressAlone =
          config.dns().allowTransfer().stream()
              .anyMatch(rule -> rule.address().isPresent() && rule.key().isEmpty());
      String zone = config.dns().rpz().toString();
      return new Node(
          host,
          listen.getPort(),
          zone.substring(0, zone.length() - 1),
          byAddressAlone ? Optional.empty() : config.dns().keys().stream().findFirst());
    }

    String keyName() {
      return key.map(it -> it.name().toString().replaceAll("\\.$", "")).orElse("");
    }

    String secret() {
      return key.map(TsigKeyFile::secretFile).map(Stanza::base64).orElse("");
    }
  }

  private static String base64(Path file) {
    try {
      return java.util.Base64.getEncoder()
          .encodeToString(SecretFiles.readBase64(file).toByteArray());
    } catch (KeyFileException e) {
      return "SECRET-OF-" + file.getFileName();
    }
  }

  private static Stanza unbound(Node node, String address, String control) {
    String noTsig =
        node.key().isEmpty()
            ? ""
            : "# unbound signs no transfers: dns.allow-transfer of the node needs its address alone.\n";
    return new Stanza(
        List.of(
            new Part(
                "/etc/unbound/unbound.conf.d/tocsin.conf",
                noTsig
                    + """
                    server:
                        # rpz: works by the module respip.
                        module-config: "respip validator iterator"
                        # Where serve-expired is on, a rogue answer would be given once more after a flush.
                        serve-expired-client-timeout: 1800
                        # A flush walks the whole cache, tenths of a second for 200,000 names: here
                        # the questions that come meanwhile can wait.
                        so-rcvbuf: 4m
                    rpz:
                        name: %1$s.
                        primary: %2$s@%3$d
                        allow-notify: %2$s
                    remote-control:
                        control-enable: yes
                        control-interface: %4$s
                    """
                        .formatted(node.zone(), node.host(), node.port(), control))),
        section("unbound", address, List.of("control = \"" + control + "\"")));
  }

  private static Stanza bind(Node node, String address, String folder) {
    String key =
        node.key()
            .map(it ->
                "key \"%s\" { algorithm %s; secret \"%s\"; };\n"
                    .formatted(node.keyName(), it.algorithm(), node.secret()))
            .orElse("");
    String byKey = node.key().isEmpty() ? "" : " key \"" + node.keyName() + "\"";
    return new Stanza(
        List.of(
            new Part(
                "inside options { } of /etc/bind/named.conf.options",
                """
                // Without these, updates wait up to a minute, signed names are not corrected, and every
                // corrected name is first looked up with the hijacker, who may keep silent.
                response-policy { zone "%s" min-update-interval 0; } break-dnssec yes qname-wait-recurse no;
                // A NOTIFY is followed at once.
                serial-query-rate 1000;
                // Name servers are corrected by zones that are added at run time.
                allow-new-zones yes;
                """
                    .formatted(node.zone())),
            new Part(
                "/etc/bind/named.conf.local",
                key
                    + """
                    zone "%1$s" {
                      type secondary;
                      file "%2$stocsin-%1$s.db";
                      primaries { %3$s port %4$d%5$s; };
                      allow-notify { %3$s; };
                      allow-query { localhost; };
                    };
                    """
                        .formatted(
                            node.zone(),
                            folder.isEmpty() ? "/var/cache/bind/" : folder + "/",
                            node.host(),
                            node.port(),
                            byKey))),
        section(
            "bind",
            address,
            List.of(
                folder.isEmpty()
                    ? "rndc = [\"rndc\", \"-k\", \"/etc/bind/rndc.key\"]"
                    : "rndc = [\"rndc\", \"-c\", \"" + folder + "/rndc.conf\"]")));
  }

  private static Stanza powerDns(Node node, String address, String control, String folder) {
    String tsig =
        node.key()
            .map(it ->
                ", tsigname = \"%s\", tsigalgo = \"%s\", tsigsecret = \"%s\""
                    .formatted(node.keyName(), it.algorithm(), node.secret()))
            .orElse("");
    HostPort web = HostPort.parse(control.replaceFirst("^https?://", "").replaceFirst("/+$", ""));
    return new Stanza(
        List.of(
            new Part(
                folder + "/recursor.conf",
                """
                # The overlay is configured in Lua, in the file below; of two such lines the last counts.
                lua-config-file=%1$s/tocsin.lua
                # The node drives the recursor here; the key belongs into the node's api-key-file too.
                webserver=yes
                webserver-address=%2$s
                webserver-port=%3$d
                webserver-allow-from=127.0.0.0/8, ::1/128
                api-key=CHOOSE-A-LONG-SECRET
                # Name servers are corrected in this file: the node must be able to write it.
                forward-zones-file=%1$s/tocsin.forward
                # The packet cache outlives an update of the overlay.
                packetcache-ttl=1
                """
                    .formatted(folder, web.host(), web.port())),
            new Part(
                folder + "/tocsin.lua",
                """
                -- Debian's own script, which this one stands in for, loads the keys of the root.
                local debian = io.open("%5$s/recursor.lua")
                if debian then debian:close() dofile("%5$s/recursor.lua") end
                -- It polls (4.8): refresh = 1 is how fast an alert can be.
                rpzPrimary({"%1$s:%2$d"}, "%3$s", {refresh = 1%4$s})
                """
                    .formatted(node.host(), node.port(), node.zone(), tsig, folder)),
            new Part(
                folder + "/tocsin.forward", "# Lines that end in \"# tocsin\" are the node's.\n")),
        section(
            "powerdns",
            address,
            List.of("api = \"" + control + "\"", "api-key-file = \"keys/pdns-api-key\"")));
  }

  private static Stanza knot(String address, String control, String folder) {
    String file = folder + "/alert.rpz";
    return new Stanza(
        List.of(
            new Part(
                "the end of /etc/knot-resolver/kresd.conf",
                """
                -- The node writes the overlay to this file, and loads it by the control socket. These lines
                -- serve it to a process that starts before the node finds it, for an hour at most.
                modules.load('policy')
                policy.add((function ()
                  local ok, rules = pcall(policy.rpz, policy.DENY, '%s', false)
                  local ends = os.time() + 3600
                  return function (request, query)
                    if ok and not tocsin and os.time() < ends then return rules(request, query) end
                  end
                end)())
                """
                    .formatted(file))),
        section(
            "knot",
            address,
            List.of("control = \"" + control + "\"", "rpz-file = \"" + file + "\"")));
  }

  private static String section(String kind, String address, List<String> lines) {
    return "[[resolver]]\nname = \"%s-1\"\nkind = \"%s\"\naddress = \"%s\"\n%s\n"
        .formatted(kind, kind, address, String.join("\n", lines));
  }
}
