package tocsin.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.PrivateNetwork;

/// What the demonstration is played with on this machine.
///
/// @param nodes how many
/// @param backing the resolvers
/// @param within words to put before this very command, so that it is played in a private network
///   where port 53 is free; empty to play here
/// @param why in one sentence
public record Casting(int nodes, Backing backing, List<String> within, String why) {
  public Casting {
    within = List.copyOf(within);
  }

  /// The resolvers as the command line has them: "unbound,bind".
  public String resolvers() {
    return backing.word();
  }

  /// Decides.
  ///
  /// @param nodes as asked
  /// @param scenario as asked
  /// @param resolvers "auto", or names of resolvers
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
    if (asked.equals("auto")) {
      return best(nodes);
    }
    Backing backing = new Backing(kinds(resolvers));
    if (backing.kinds().size() > nodes - 1) {
      throw CannotPlay.usage(
          "at most " + (nodes - 1) + " of " + nodes + " nodes have resolvers",
          "--nodes " + Math.min(backing.kinds().size() + 1, Limits.MAX_NODES));
    }
    if (backing.isEmbedded()) {
      return embedded(nodes, "Resolvers: small embedded ones, as asked for.");
    }
    for (Backing.Kind kind : backing.kinds()) {
      if (!kind.isInstalled()) {
        throw CannotPlay.here(
            kind.word() + " is not installed: neither on the PATH nor in /usr/sbin",
            "apt install " + kind.debian() + ", or --resolvers embedded");
      }
    }
    return real(nodes, backing)
        .orElseThrow(() ->
            CannotPlay.here(
                "real resolvers follow referrals to port 53 only; this user may not bind it, and"
                    + " the system allows no private network",
                "--resolvers embedded, or as root"));
  }

  private static List<Backing.Kind> kinds(List<String> words) throws CannotPlay {
    List<Backing.Kind> kinds = new ArrayList<>();
    for (String word : words) {
      Optional<Backing.Kind> kind =
          Arrays.stream(Backing.Kind.values())
              .filter(each -> each.word().equals(word.strip().toLowerCase(Locale.ROOT)))
              .findFirst();
      kinds.add(
          kind.orElseThrow(() ->
              CannotPlay.usage(
                  "--resolvers is auto, or some of unbound, bind, powerdns, knot and embedded, not"
                      + " \""
                      + String.join(",", words)
                      + "\"",
                  "--resolvers auto")));
    }
    return kinds;
  }

  private static Casting best(int nodes) {
    List<Backing.Kind> found =
        Arrays.stream(Backing.Kind.values())
            .filter(kind -> kind != Backing.Kind.EMBEDDED && kind.isInstalled())
            .toList();
    if (found.isEmpty()) {
      return embedded(
          nodes,
          "Resolvers: small embedded ones, since neither unbound, BIND, PowerDNS Recursor nor Knot"
              + " Resolver is installed on this machine.");
    }
    return real(nodes, new Backing(found))
        .orElseGet(() ->
            embedded(
                nodes,
                "Resolvers: small embedded ones, since real ones follow referrals to port 53 only,"
                    + " which this user may bind neither here nor in a private network."));
  }

  private static Optional<Casting> real(int nodes, Backing backing) {
    if (mayBindPort53()) {
      return Optional.of(
          new Casting(
              nodes,
              backing,
              List.of(),
              "Resolvers: those of this machine, " + backing.word().replace(",", ", ") + "."));
    }
    return PrivateNetwork.prefix()
        .map(prefix ->
            new Casting(
                nodes,
                backing,
                prefix,
                "Playing in a private network, where anybody may bind port 53."));
  }

  private static Casting embedded(int nodes, String why) {
    return new Casting(nodes, Backing.of(Backing.Kind.EMBEDDED), List.of(), why);
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
