/// The consumer interface: what programs beside the node may ask of it. Read-only, for anyone who
/// reaches its addresses, which are loopback's unless the operator wants otherwise; off by default.
///
/// `AlertFeed` holds what there is to see and tells subscribers of changes. `GrpcApi` offers it as
/// `tocsin.v1.Alerts` with the standard health service, `HttpApi` as JSON and server-sent events;
/// `AlertJson` is the form of an alert in both.
///
/// ## Decisions
///
/// - HTTP is Netty's codec behind few lines of ours: two dozen kinds of answer, all GET, no bodies
///   read. A web framework was put off until there are pages for people; reopen then.
/// - The core says what changed, alert by alert, and the feed's own thread makes views of that:
///   with a flood of alerts, all that is live is never gone through. Where neither address is open,
///   nobody is told anything. (Before, all that is live was asked of the loop after each change:
///   with 3,600 live alerts at ten nodes that took a quarter of all processor time.)
/// - Questions are answered from the feed's last state and never reach the node's loop, but for one
///   alert by its id, which may be long over.
/// - A subscriber that does not keep up is cut off and comes again: it is told everything anew. To
///   hold back, or to leave changes out, would hide alerts.
/// - No TLS here: who opens this beyond loopback puts a proxy before it. Reopen with the web pages.
@NullMarked
package tocsin.node.web;

import org.jspecify.annotations.NullMarked;
