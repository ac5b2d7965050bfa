package tocsin.node.dns;

import com.google.protobuf.ByteString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;
import tocsin.node.core.Listing;
import tocsin.trust.DnsName;

/// What a list of alerts says of one name, in the words of the [LookupZone]: the sum of what is
/// active, the first few alerts as text, and the first correction. Immutable, and of bounded size,
/// so that many alerts above many names cost no more than few.
///
/// @param bits what is active: 2 an override, 4 a flush, 8 name servers corrected
/// @param texts of the first few alerts
/// @param correction whose records are shown
record LookupSummary(int bits, List<Text> texts, Optional<Listing> correction) {
  /// RDATA of a TXT record, made when it is first asked for: most alerts of a flood are never
  /// shown. For one thread.
  static final class Text {
    private final Supplier<List<String>> strings;
    private @Nullable ByteString rdata;

    private Text(Supplier<List<String>> strings) {
      this.strings = strings;
    }

    private ByteString rdata() {
      ByteString made = rdata;
      if (made == null) {
        made = text(strings.get());
        rdata = made;
      }
      return made;
    }
  }

  /// Nothing is said.
  static final LookupSummary NONE = new LookupSummary(0, List.of(), Optional.empty());

  private static final String ACTIVE = "active";
  private static final int OVERRIDE = 2;
  private static final int FLUSH = 4;
  private static final int NAME_SERVERS = 8;

  /// What is said of `test.`.
  static final LookupSummary TEST =
      new LookupSummary(OVERRIDE, List.of(new Text(() -> List.of("test entry"))), Optional.empty());

  LookupSummary {
    texts = List.copyOf(texts);
  }

  /// What one alert says.
  static LookupSummary of(Listing listing) {
    boolean active = listing.state().equals(ACTIVE);
    int bits = listing.override() ? OVERRIDE : FLUSH;
    bits |= listing.nameServersCorrected() ? NAME_SERVERS : 0;
    boolean correction = active && CorrectRecords.fitTogether(listing.records());
    return new LookupSummary(
        active ? bits : 0,
        List.of(new Text(() -> strings(listing))),
        correction ? Optional.of(listing) : Optional.empty());
  }

  /// What all of them say, in this order.
  ///
  /// @param all as many as there are live alerts; no more are looked at than are shown
  /// @param active those of them whose [#isActive]: few, because organizations have acting budgets
  static LookupSummary of(Collection<LookupSummary> all, Collection<LookupSummary> active) {
    List<Text> texts = new ArrayList<>();
    for (LookupSummary each : all) {
      texts.addAll(each.texts);
      if (texts.size() >= Limits.LISTINGS_PER_NAME) {
        break;
      }
    }
    int bits = 0;
    Optional<Listing> correction = Optional.empty();
    for (LookupSummary each : active) {
      bits |= each.bits;
      correction = correction.isPresent() ? correction : each.correction;
    }
    List<Text> shown = texts.subList(0, Math.min(texts.size(), Limits.LISTINGS_PER_NAME));
    return texts.isEmpty() ? NONE : new LookupSummary(bits, shown, correction);
  }

  boolean isActive() {
    return bits != 0;
  }

  /// What both say, this one first.
  LookupSummary and(LookupSummary other) {
    return other.texts.isEmpty() ? this : of(List.of(this, other), List.of(this, other));
  }

  /// The records at `NAME.q.ZONE`.
  OwnerRecords query(DnsName name) {
    List<RecordSet> sets = new ArrayList<>(2);
    if (bits != 0) {
      byte[] address = {127, 0, 0, (byte) bits};
      sets.add(RecordSet.of(Type.A, LookupZone.TTL_SECONDS, List.of(address)));
    }
    if (!texts.isEmpty()) {
      List<byte[]> rdatas = texts.stream().map(it -> it.rdata().toByteArray()).toList();
      sets.add(RecordSet.of(Type.TXT, LookupZone.TTL_SECONDS, rdatas));
    }
    return new OwnerRecords(name.toWire().toByteArray(), sets);
  }

  /// The records at `NAME.a.ZONE`.
  OwnerRecords address(DnsName name) {
    return correction.map(listing -> corrected(name, listing)).orElse(OwnerRecords.NONE);
  }

  private static OwnerRecords corrected(DnsName name, Listing listing) {
    Name owner = CorrectRecords.name(name);
    long ttl = Math.max(LookupZone.TTL_SECONDS, listing.ttlSeconds());
    return OwnerRecords.of(
        listing.records().stream().map(data -> CorrectRecords.at(owner, ttl, data)).toList());
  }

  private static List<String> strings(Listing listing) {
    return List.of(
        "incident=" + listing.incident().orElse(listing.alert()),
        "alert=" + listing.alert(),
        "state=" + listing.state(),
        "submitter=" + listing.submitter(),
        "expires="
            + (listing.expiresAtMillis() == 0
                ? "never"
                : Instant.ofEpochMilli(listing.expiresAtMillis())));
  }

  private static ByteString text(List<String> strings) {
    MessageWriter out = new MessageWriter(strings.size() * (1 + Limits.STRING_BYTES));
    for (String string : strings) {
      ByteString cut = cut(ByteString.copyFromUtf8(string));
      out.u8(cut.size());
      out.bytes(cut.toByteArray());
    }
    return ByteString.copyFrom(out.array(), 0, out.position());
  }

  /// At most so much as a string of a TXT record holds, and no half characters.
  private static ByteString cut(ByteString utf8) {
    int end = Math.min(utf8.size(), Limits.STRING_BYTES);
    while (end < utf8.size() && (utf8.byteAt(end) & 0xc0) == 0x80) {
      end--;
    }
    return utf8.substring(0, end);
  }
}
