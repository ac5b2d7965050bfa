package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tocsin.storage.StatementLog;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;
import tocsin.trust.graph.AlertJudgement;

/// What organizations have caused here lately. Each alert that begins to act charges those who
/// signed it 1, who vouched for them 1/2, who vouched for those 1/4, and so on up to the anchor.
/// Beyond the budget a person has to approve: a stolen key, or a vetter who vouches for anybody,
/// can do so much before somebody looks, and taking back the vouch afterwards refunds nothing.
///
/// Local and durable: it remembers what this node has done, not what anybody believes.
final class ActingBudget {
  static final long WINDOW_MILLIS = 24L * 3_600_000;

  /// Charges are counted in 1/1024, so that halving stays exact down to the deepest path.
  private static final int UNIT = 1_024;

  private static final int ORGANIZATION_BYTES = 32;

  /// One organization's account.
  ///
  /// @param spent alerts charged to it in the last 24 hours
  public record Account(OrganizationId organization, double spent) {}

  private record Charge(long atMillis, SortedMap<OrganizationId, Integer> shares) {}

  private final StatementLog log;
  private final TreeMap<StatementId, Charge> charges = new TreeMap<>();
  private final TreeMap<OrganizationId, Long> spent = new TreeMap<>();

  ActingBudget(StatementLog log) {
    this.log = log;
  }

  /// Reads what was charged before a restart.
  void recover() {
    log.recallAll(Facts.CHARGED)
        .forEach((key, value) ->
            book(StatementId.fromHex(key.substring(Facts.CHARGED.length())), parse(value)));
  }

  private void book(StatementId alert, Charge charge) {
    if (charges.putIfAbsent(alert, charge) == null) {
      charge.shares().forEach((who, share) -> spent.merge(who, (long) share, Long::sum));
    }
  }

  /// Who has used up the budget, so that this alert may not begin to act by itself.
  Optional<OrganizationId> exhausted(AlertJudgement judgement, int budget) {
    for (var share : shares(judgement).entrySet()) {
      long after = spent.getOrDefault(share.getKey(), 0L) + share.getValue();
      if (after > (long) budget * UNIT) {
        return Optional.of(share.getKey());
      }
    }
    return Optional.empty();
  }

  /// The alert begins to act.
  void charge(AlertJudgement judgement, long nowMillis) {
    forget(nowMillis);
    Charge charge = new Charge(nowMillis, shares(judgement));
    if (!charges.containsKey(judgement.alert())) {
      log.remember(Facts.charged(judgement.alert()), encode(charge));
      book(judgement.alert(), charge);
    }
  }

  /// Drops what is older than a day.
  void forget(long nowMillis) {
    List<StatementId> old = new ArrayList<>();
    charges.forEach((alert, charge) -> {
      if (charge.atMillis() + WINDOW_MILLIS <= nowMillis) {
        old.add(alert);
      }
    });
    for (StatementId alert : old) {
      log.forget(Facts.charged(alert));
      Charge charge = charges.remove(alert);
      if (charge != null) {
        charge
            .shares()
            .forEach((who, share) ->
                spent.merge(who, (long) -share, (a, b) -> a + b == 0 ? null : a + b));
      }
    }
  }

  /// When the oldest charge lapses, in Unix milliseconds; `Long.MAX_VALUE` if there is none.
  long nextChangeMillis() {
    long next = Long.MAX_VALUE;
    for (Charge charge : charges.values()) {
      next = Math.min(next, charge.atMillis() + WINDOW_MILLIS);
    }
    return next;
  }

  /// The greatest first.
  List<Account> accounts() {
    List<Account> all = new ArrayList<>();
    spent.forEach((who, units) -> all.add(new Account(who, (double) units / UNIT)));
    all.sort((a, b) -> Double.compare(b.spent(), a.spent()));
    return all;
  }

  /// Each organization once, at its greatest share.
  private static SortedMap<OrganizationId, Integer> shares(AlertJudgement judgement) {
    TreeMap<OrganizationId, Integer> shares = new TreeMap<>();
    for (List<OrganizationId> path : judgement.paths()) {
      int share = UNIT;
      for (OrganizationId one : path.reversed()) {
        shares.merge(one, share, Math::max);
        share = Math.max(share / 2, 1);
      }
    }
    shares.put(judgement.submitter(), UNIT);
    return shares;
  }

  /// 8 bytes of time, then 32 bytes of organization and 4 of its share, for each.
  private static ByteString encode(Charge charge) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + charge.shares().size() * (ORGANIZATION_BYTES + 4));
    buffer.putLong(charge.atMillis());
    charge
        .shares()
        .forEach(
            (who, share) -> buffer.put(who.toByteString().asReadOnlyByteBuffer()).putInt(share));
    return ByteString.copyFrom(buffer.flip());
  }

  private static Charge parse(ByteString value) {
    ByteBuffer buffer = value.asReadOnlyByteBuffer();
    long at = buffer.getLong();
    TreeMap<OrganizationId, Integer> shares = new TreeMap<>();
    while (buffer.remaining() >= ORGANIZATION_BYTES + 4) {
      byte[] id = new byte[ORGANIZATION_BYTES];
      buffer.get(id);
      shares.put(OrganizationId.fromBytes(ByteString.copyFrom(id)), buffer.getInt());
    }
    return new Charge(at, shares);
  }
}
