/// WHOM WE BELIEVE: the web of trust, and the judgement of alerts in it. Pure: a function of the
/// statements with their first-seen times, the policy, the anchors and the time that the caller
/// gives.
@NullMarked
package tocsin.trust.graph;

import org.jspecify.annotations.NullMarked;
