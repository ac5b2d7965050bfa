package tocsin.simulations;

/// What came of one run that kept all its promises.
///
/// @param trace hash of all events and effects in order: the same for the same seed
/// @param events how many events and effects
/// @param virtualMillis how long it took, in there
/// @param statements in every log at the end
/// @param crashes of nodes
/// @param ending how the incident ended: flush, recall or expiry
/// @param activeEverywhereMillis from the submission of the endorsed override to its being active
///   at the last node, faults and crashes included
/// @param rogueAnswers to clients between hijack and protection at all resolvers
/// @param longestQueue most frames that were under way in one direction of a stream
public record Report(
    String scenario,
    int nodes,
    long seed,
    String trace,
    long events,
    long virtualMillis,
    long statements,
    int crashes,
    String ending,
    long activeEverywhereMillis,
    long rogueAnswers,
    int longestQueue) {}
