package tocsin.node.dns;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// The zones that a server has at one moment. Immutable: a request sees one state of all of them.
final class ServedZones {
  static final ServedZones NONE = new ServedZones(List.of());

  /// One zone, and what is known of its past.
  record Served(ZoneContent content, ZoneJournal journal) {}

  /// Deepest first, so that the first that encloses a name is its zone.
  private final List<Served> zones;

  private ServedZones(List<Served> zones) {
    this.zones = zones;
  }

  /// With this zone in place of an earlier version of it.
  ServedZones with(Served zone) {
    List<Served> next = without(zone.content().origin()).zones;
    next = new ArrayList<>(next);
    next.add(zone);
    if (next.size() > Limits.ZONES) {
      throw new IllegalArgumentException("a server has at most " + Limits.ZONES + " zones");
    }
    next.sort(
        Comparator.comparingInt((Served each) -> each.content().origin().labels()).reversed());
    return new ServedZones(List.copyOf(next));
  }

  ServedZones without(Name origin) {
    return new ServedZones(
        zones.stream().filter(each -> !each.content().origin().equals(origin)).toList());
  }

  /// The zone that a name belongs to, or null.
  @Nullable Served enclosing(byte[] key, int length) {
    for (int i = 0; i < zones.size(); i++) {
      Served zone = zones.get(i);
      if (NameKey.encloses(zone.content().originKey(), key, length)) {
        return zone;
      }
    }
    return null;
  }
}
