package tocsin.node.dns;

import java.util.concurrent.atomic.LongAdder;

/// What a server did since it started.
///
/// @param queries well-formed queries, answered in one way or another
/// @param refused requests that were refused: not our zone, not allowed, a bad signature, another
///   opcode
/// @param malformed requests answered FORMERR
/// @param silent packets not answered at all: shorter than a header, or themselves answers
/// @param limited datagrams over the rate limit
/// @param transfers zone transfers begun
/// @param wholeZones those of them that sent the whole zone
/// @param failed requests at which the server itself failed: always 0, or there is a bug
/// @param connections TCP connections accepted
/// @param turnedAway TCP connections closed at once, being too many
public record DnsCounters(
    LongAdder queries,
    LongAdder refused,
    LongAdder malformed,
    LongAdder silent,
    LongAdder limited,
    LongAdder transfers,
    LongAdder wholeZones,
    LongAdder failed,
    LongAdder connections,
    LongAdder turnedAway) {
  DnsCounters() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
