package tocsin.trust.graph;

import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tocsin.trust.OrganizationId;

/// All who have said anything, by their numbers. Forks share them, and keep a copy of whoever says
/// more.
final class Speakers {
  /// Who has never said anything.
  private static final Speaker NOBODY = new Speaker();

  private final Roster roster;

  /// By number.
  private @Nullable Speaker[] common;

  /// Nobody may change what stands in `common` any more.
  private boolean shared;

  /// Those who said something since it is shared.
  private final NavigableMap<Integer, Speaker> own = new TreeMap<>();

  Speakers() {
    this.roster = new Roster();
    this.common = new Speaker[0];
  }

  private Speakers(Roster roster, @Nullable Speaker[] common) {
    this.roster = roster;
    this.common = common;
    this.shared = true;
  }

  Speakers fork() {
    if (!own.isEmpty()) {
      common = Arrays.copyOf(common, Math.max(common.length, roster.size()));
      own.forEach((number, speaker) -> common[number] = speaker);
      own.clear();
    }
    shared = true;
    return new Speakers(roster.fork(), common);
  }

  Roster roster() {
    return roster;
  }

  /// Not to be changed.
  Speaker of(OrganizationId organization) {
    return of(roster.find(organization));
  }

  /// Not to be changed.
  Speaker of(int number) {
    Speaker speaker = own.isEmpty() ? null : own.get(number);
    if (speaker == null && number >= 0 && number < common.length) {
      speaker = common[number];
    }
    return speaker == null ? NOBODY : speaker;
  }

  /// To be changed.
  Speaker change(OrganizationId organization) {
    int number = roster.number(organization);
    if (shared) {
      Speaker speaker = own.get(number);
      if (speaker == null) {
        Speaker before = number < common.length ? common[number] : null;
        speaker = before == null ? new Speaker() : before.fork();
        own.put(number, speaker);
      }
      return speaker;
    }
    if (number >= common.length) {
      common = Arrays.copyOf(common, Math.max(2 * common.length, number + 1));
    }
    Speaker speaker = common[number];
    if (speaker == null) {
      speaker = new Speaker();
      common[number] = speaker;
    }
    return speaker;
  }
}
