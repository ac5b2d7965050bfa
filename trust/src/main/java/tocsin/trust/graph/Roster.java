package tocsin.trust.graph;

import java.util.Arrays;
import tocsin.trust.OrganizationId;

/// Small numbers for the organizations that anything here speaks of, in the order in which they
/// were first heard of. No result may depend on the numbers: they differ from node to node.
///
/// A table with open addressing: an id is a hash already, and nobody sees the table's order. A tree
/// costs a cache miss or two at each of its seventeen levels.
final class Roster {
  private static final int MIN_SLOTS = 64;

  /// By number; forks share it as far as it is filled, until one of them adds something.
  private OrganizationId[] ids;

  /// Number + 1 at, or after, the place that the id's bits name; 0: free. Half full at most.
  private int[] slots;

  private int size;
  private boolean shared;

  Roster() {
    this.ids = new OrganizationId[MIN_SLOTS / 2];
    this.slots = new int[MIN_SLOTS];
  }

  private Roster(Roster before) {
    this.ids = before.ids;
    this.slots = before.slots;
    this.size = before.size;
    this.shared = true;
  }

  Roster fork() {
    shared = true;
    return new Roster(this);
  }

  int number(OrganizationId organization) {
    int slot = slotOf(organization);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if (shared || size == ids.length) {
      grow();
      slot = slotOf(organization);
    }
    ids[size] = organization;
    slots[slot] = ++size;
    return size - 1;
  }

  private void grow() {
    boolean full = size == ids.length;
    ids = Arrays.copyOf(ids, full ? 2 * size : ids.length);
    shared = false;
    if (!full) {
      slots = slots.clone();
      return;
    }
    slots = new int[2 * slots.length];
    for (int number = 0; number < size; number++) {
      slots[slotOf(ids[number])] = number + 1;
    }
  }

  /// Where it is, or the free place where it would be.
  private int slotOf(OrganizationId organization) {
    int mask = slots.length - 1;
    int slot = (int) organization.hash().d() & mask;
    while (slots[slot] != 0 && !ids[slots[slot] - 1].equals(organization)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /// -1 if nobody has spoken of it.
  int find(OrganizationId organization) {
    return slots[slotOf(organization)] - 1;
  }

  OrganizationId id(int number) {
    return ids[number];
  }

  int size() {
    return size;
  }
}
