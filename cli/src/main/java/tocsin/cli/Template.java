package tocsin.cli;

import java.util.stream.Collectors;
import org.tomlj.Toml;
import tocsin.node.config.HostPort;

/// The configuration that `init` writes: what was answered, and as comments what else there is.
final class Template {
  private Template() {}

  static String toml(Founding.Answers answers) {
    String bootstrap =
        answers.peers().stream()
            .map(peer -> quoted(peer.toString()))
            .collect(Collectors.joining(", "));
    String advertise =
        answers
            .advertise()
            .map(HostPort::toString)
            .map(address -> "advertise = " + quoted(address))
            .orElse(
                "# advertise = \"node.example.net:7353\"   # nobody can dial this node without it");
    return """
    # The configuration of a Tocsin node. "tocsin config check" reads it and tells all that is wrong with it;
    # "tocsin config show --origin" shows every value, defaults included. Relative paths begin in this folder.

    [node]
    name = %s                 # shown to people
    network = %s              # statements of another network are void here
    mode = "enforce"          # enforce | shadow (touches no resolver) | observe (receives only)

    [gossip]
    listen = %s
    %s
    bootstrap = [%s]

    [control]
    socket = "control.sock"   # who may open it commands the node

    [dns]
    listen = %s
    rpz = "alert.rpz."        # the overlay zone that resolvers transfer
    lookup = "alerts.test."   # NAME.q.alerts.test. TXT says whether there is an alert for NAME
    allow-transfer = ["127.0.0.1", "::1"]
    # also-notify = ["127.0.0.1:5301"]
    # sign-lookup = true      # DNSSEC for the lookup zone; the DS record is in data/lookup-zone.ds
    # tls-listen = "127.0.0.1:7853"   # DNS and transfers over TLS (RFC 9103), with these PEM files:
    # tls-certificate = "keys/dns.crt"
    # tls-key = "keys/dns.key"
    # [[dns.tsig]]
    # name = "node-key"
    # algorithm = "hmac-sha256"
    # secret-file = "keys/node-key.tsig"

    # A resolver beside the node; repeat for each.
    # [[resolver]]
    # name = "u1"
    # kind = "unbound"        # unbound | bind | powerdns | knot | command
    # address = "127.0.0.1:53"
    # control = "/run/unbound.ctl"

    [policy]
    override-paths = 2        # independent organizations behind an override before it acts here
    flush-paths = 1
    depth = 4                 # how many vouches may follow each other
    override-approval = "automatic"   # or "manual": every override waits for "tocsin alert approve"
    # override-max = "24h"
    # allow-special-purpose-addresses = false   # true for laboratories and private networks
    # rogue-triggers = false  # true: block the rogue addresses and name servers of overrides for every name
    # flush-jitter = "10s"
    # witnesses = 2           # organizations whose fresh checkpoints must come in for new overrides
    # slot-quota = 60         # statements per key and hour; equal on all nodes of a network
    # acting-budget = 240     # alerts that one organization may cause here in 24 hours without you
    # never-override = ["corp.example."]
    # famous-names = ["google.com."]       # these need famous-paths = 3
    # groups = ["<organization id> <organization id>"]   # organizations that you know to be one party
    # [[policy.rule]]                      # for names at or below a suffix; the longest suffix decides
    # suffix = "bank."
    # override-paths = 3
    # endorsements = 2
    # approval = "manual"

    # For programs that ask by HTTP (JSON, server-sent events) or gRPC; anyone who reaches them may read.
    # [web]
    # listen = "127.0.0.1:7380"
    # grpc-listen = "127.0.0.1:7381"

    [log]
    level = "info"            # error | warn | info | debug
    # min-free-mib = 1024     # with less room on its file system (or 5 %%) the node takes in nothing new
    # scrub = "24h"           # how often the log of statements is read and hashed again; "0s": never
    # keep-refused = "0s"     # how long refused statements are kept, "30d" or more; "0s": for ever
    """
        .formatted(
            quoted(answers.name()),
            quoted(answers.network()),
            quoted(answers.listen().toString()),
            advertise,
            bootstrap,
            quoted(answers.dns().toString()));
  }

  private static String quoted(String text) {
    return '"' + Toml.tomlEscape(text).toString() + '"';
  }
}
