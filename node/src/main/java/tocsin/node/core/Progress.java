package tocsin.node.core;

/// How far an alert has come at one resolver.
///
/// @param word "published", "fetched", "flushed", "verified"; "waiting" before a flush begins;
///   "failed" while the last try did; "refused" if all is done but what the resolver's operator has
///   otherwise; "clearing" and "cleared" after an override
/// @param millis from the beginning to the first verification; 0 before
public record Progress(String resolver, String word, long millis, String detail, int attempts) {}
