package tocsin.node.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;

/// What the embedded resolver has learnt and not yet forgotten, lies included: by name and type,
/// until the TTL is over.
final class EmbeddedCache {
  private record Key(Name name, int type) {}

  /// What is known.
  ///
  /// @param responseCode NOERROR or NXDOMAIN
  /// @param records of one name and type; empty if there are none
  /// @param soa of the zone that says that there are none; empty where there are records
  private record Entry(
      int responseCode,
      List<Record> records,
      Optional<Record> soa,
      long learntNanos,
      long ttlSeconds) {
    boolean expired(long now) {
      return now - learntNanos >= Duration.ofSeconds(ttlSeconds).toNanos();
    }
  }

  /// What the cache says now, TTLs counted down.
  record Known(int responseCode, List<Record> records, Optional<Record> soa) {}

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

  /// Learns records of one name and type.
  void learn(Name name, int type, List<Record> records) {
    long ttl = records.stream().mapToLong(Record::getTTL).min().orElse(0);
    put(
        new Key(name, type),
        new Entry(Rcode.NOERROR, List.copyOf(records), Optional.empty(), System.nanoTime(), ttl));
  }

  /// Learns glue: only what is not known better.
  void learnGlue(Name name, int type, List<Record> records) {
    if (find(name, type).isEmpty()) {
      learn(name, type, records);
    }
  }

  /// Learns that there is nothing (RFC 2308).
  ///
  /// @param ttlSeconds of the SOA's minimum field and the SOA's own TTL the smaller
  void learnNothing(Name name, int type, int responseCode, Record soa, long ttlSeconds) {
    put(
        new Key(name, type),
        new Entry(responseCode, List.of(), Optional.of(soa), System.nanoTime(), ttlSeconds));
  }

  private void put(Key key, Entry entry) {
    if (entries.size() >= LabLimits.CACHE_ENTRIES && !entries.containsKey(key)) {
      return;
    }
    entries.put(key, entry);
  }

  Optional<Known> find(Name name, int type) {
    Key key = new Key(name, type);
    Entry entry = entries.get(key);
    long now = System.nanoTime();
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.expired(now)) {
      entries.remove(key, entry);
      return Optional.empty();
    }
    long age = Duration.ofNanos(now - entry.learntNanos()).toSeconds();
    List<Record> records = new ArrayList<>();
    for (Record record : entry.records()) {
      records.add(aged(record, age));
    }
    return Optional.of(
        new Known(entry.responseCode(), records, entry.soa().map(soa -> aged(soa, age))));
  }

  private static Record aged(Record record, long seconds) {
    return Record.newRecord(
        record.getName(),
        record.getType(),
        DClass.IN,
        Math.max(0, record.getTTL() - seconds),
        record.rdataToWireCanonical());
  }

  /// Forgets everything at and below the name.
  ///
  /// @return how many entries that were
  int flush(Name name) {
    int before = entries.size();
    entries.keySet().removeIf(key -> key.name().subdomain(name));
    return Math.max(0, before - entries.size());
  }

  void clear() {
    entries.clear();
  }
}
