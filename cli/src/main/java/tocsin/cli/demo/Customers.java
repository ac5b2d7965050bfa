package tocsin.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.xbill.DNS.Name;
import tocsin.node.lab.LabInternet;

/// The customers of all resolvers: one [Prober] each.
final class Customers implements AutoCloseable {
  private final Map<Member, Prober> probers = new LinkedHashMap<>();

  /// From now on they ask for the victim's web site.
  Customers(Cast cast, LabInternet lab) {
    for (Member member : cast.withResolver()) {
      probers.put(
          member,
          new Prober(
                  member.resolver().orElseThrow().address(),
                  Name.fromConstantString(lab.www()),
                  lab.rightAddress().getHostAddress(),
                  lab::isRogue)
              .start());
    }
  }

  Prober of(Member member) {
    Prober prober = probers.get(member);
    if (prober == null) {
      throw new IllegalArgumentException(member + " has no resolver");
    }
    return prober;
  }

  /// All of them have had such an answer to a question asked after this moment.
  boolean allHad(Prober.Kind kind, long afterMillis) {
    return probers.values().stream().allMatch(prober -> prober.count(kind, afterMillis) > 0);
  }

  /// When the last of the resolvers began to tell all its customers the truth; empty if one does
  /// not.
  OptionalLong rightSinceMillis() {
    long last = 0;
    for (Prober prober : probers.values()) {
      OptionalLong since = prober.rightSinceMillis();
      if (since.isEmpty()) {
        return since;
      }
      last = Math.max(last, since.getAsLong());
    }
    return OptionalLong.of(last);
  }

  long total() {
    return probers.values().stream()
        .mapToLong(prober -> {
          long count = 0;
          for (Prober.Kind kind : Prober.Kind.values()) {
            count += prober.count(kind, 0);
          }
          return count;
        })
        .sum();
  }

  @Override
  public void close() {
    probers.values().forEach(Prober::close);
  }
}
