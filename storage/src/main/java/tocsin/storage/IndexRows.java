package tocsin.storage;

import java.util.LinkedHashSet;
import tocsin.storage.KeyEncoding.FeedKey;
import tocsin.storage.KeyEncoding.NameKey;
import tocsin.storage.ValueEncoding.Nothing;
import tocsin.trust.DnsName;
import tocsin.trust.Header;
import tocsin.trust.Statement.Alert;

/// What an entry puts into the index columns, tiles excepted: one function, used when it is indexed
/// and again when a scrub asks whether the columns hold exactly that.
final class IndexRows {
  private IndexRows() {}

  interface Sink {
    <K, V> void put(Column<K, V> column, K key, V value);
  }

  static void of(LogEntry entry, Sink sink) {
    Header header = entry.envelope().statement().header();
    sink.put(Column.IDS, entry.envelope().id(), entry.index());
    sink.put(
        Column.FEEDS, new FeedKey(header.key(), header.sequence(), entry.index()), Nothing.NOTHING);
    if (entry.envelope().statement() instanceof Alert alert) {
      for (DnsName name : new LinkedHashSet<>(alert.names())) {
        sink.put(Column.NAMES, new NameKey(name, entry.index()), Nothing.NOTHING);
      }
    }
  }
}
