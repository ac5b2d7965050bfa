package tocsin.cli.demo;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.PrivateNetwork;
import tocsin.node.lab.UnboundProcess;

/// What the demonstration is played with on this machine.
///
/// @param nodes how many
/// @param backing the resolvers
/// @param within words to put before this very command, so that it is played in a private network
///   where port 53 is free; empty to play here
/// @param why in one sentence
public record Casting(int nodes, Backing backing, List<String> within, String why) {
  private static final List<String> TO_COME = List.of("bind", "powerdns", "knot", "command");

  public Casting {
    within = List.copyOf(within);
  }

  /// Decides.
  ///
  /// @param nodes as asked
  /// @param scenario as asked
  /// @param resolvers "auto", "embedded", or names of resolvers
  /// @throws CannotPlay if it cannot be done on this machine, or by this version
  public static Casting of(int nodes, String scenario, List<String> resolvers) throws CannotPlay {
    if (nodes < Limits.MIN_NODES || nodes > Limits.MAX_NODES) {
      throw CannotPlay.usage(
          "the story needs "
              + Limits.MIN_NODES
              + " to "
              + Limits.MAX_NODES
              + " nodes, not "
              + nodes,
          "--nodes " + Limits.MIN_NODES);
    }
    if (!scenario.equals("checkfree")) {
      throw CannotPlay.usage(
          "there is no scenario \"" + scenario + "\"; there is checkfree", "--scenario checkfree");
    }
    String asked = String.join(",", resolvers).toLowerCase(Locale.ROOT);
    return switch (asked) {
      case "auto" -> best(nodes);
      case "embedded" -> embedded(nodes, "Resolvers: small embedded ones, as asked for.");
      case "unbound" -> {
        if (UnboundProcess.find().isEmpty()) {
          throw CannotPlay.here(
              "unbound is not installed: neither on the PATH nor in /usr/sbin",
              "apt install unbound, or --resolvers embedded");
        }
        Optional<Casting> unbound = unbound(nodes);
        yield unbound.orElseThrow(() ->
            CannotPlay.here(
                "unbound follows referrals to port 53 only; this user may not bind it, and the"
                    + " system allows no private network",
                "--resolvers embedded, or as root"));
      }
      default -> throw unknown(resolvers);
    };
  }

  private static CannotPlay unknown(List<String> resolvers) {
    Optional<String> toCome =
        resolvers.stream().filter(it -> TO_COME.contains(it.toLowerCase(Locale.ROOT))).findFirst();
    return toCome.isPresent()
        ? CannotPlay.usage(
            "this version drives unbound only, not yet " + toCome.get(), "--resolvers unbound")
        : CannotPlay.usage(
            "--resolvers is auto, embedded or unbound, not \"" + String.join(",", resolvers) + "\"",
            "--resolvers auto");
  }

  private static Casting best(int nodes) {
    if (UnboundProcess.find().isEmpty()) {
      return embedded(
          nodes, "Resolvers: small embedded ones, since no unbound is installed on this machine.");
    }
    return unbound(nodes)
        .orElseGet(() ->
            embedded(
                nodes,
                "Resolvers: small embedded ones, since unbound follows referrals to port 53 only,"
                    + " which this user may bind neither here nor in a private network."));
  }

  private static Optional<Casting> unbound(int nodes) {
    if (mayBindPort53()) {
      return Optional.of(
          new Casting(
              nodes, Backing.UNBOUND, List.of(), "Resolvers: the unbound of this machine."));
    }
    return PrivateNetwork.prefix()
        .map(prefix ->
            new Casting(
                nodes,
                Backing.UNBOUND,
                prefix,
                "Playing in a private network, where anybody may bind port 53."));
  }

  private static Casting embedded(int nodes, String why) {
    return new Casting(nodes, Backing.EMBEDDED, List.of(), why);
  }

  private static boolean mayBindPort53() {
    try {
      Optional<LabInternet> lab = LabInternet.startOnPort53();
      lab.ifPresent(LabInternet::close);
      return lab.isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
