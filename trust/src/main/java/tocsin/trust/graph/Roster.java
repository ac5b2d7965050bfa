package tocsin.trust.graph;

import java.util.Arrays;
import tocsin.trust.OrganizationId;

/// Small numbers for the organizations that anything here speaks of, in the order in which they
/// were first heard of. No result may depend on the numbers: they differ from node to node.
final class Roster {
  private final Layered<OrganizationId, Integer> numbers;

  /// By number; shared with forks up to the size at which they parted, and copied when it grows.
  private OrganizationId[] ids;

  private int size;

  Roster() {
    this(new Layered<>(), new OrganizationId[0], 0);
  }

  private Roster(Layered<OrganizationId, Integer> numbers, OrganizationId[] ids, int size) {
    this.numbers = numbers;
    this.ids = ids;
    this.size = size;
  }

  /// Both copy the array when they next add an organization: it is full.
  Roster fork() {
    ids = Arrays.copyOf(ids, size);
    return new Roster(numbers.fork(), ids, size);
  }

  int number(OrganizationId organization) {
    Integer number = numbers.get(organization);
    if (number != null) {
      return number;
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(2 * size, 16));
    }
    ids[size] = organization;
    numbers.put(organization, size);
    return size++;
  }

  /// -1 if nobody has spoken of it.
  int find(OrganizationId organization) {
    Integer number = numbers.get(organization);
    return number == null ? -1 : number;
  }

  OrganizationId id(int number) {
    return ids[number];
  }

  int size() {
    return size;
  }
}
