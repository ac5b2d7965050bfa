/// What an operator's command line asks of the node: the control service on its Unix domain socket.
///
/// **Decisions.** Requests that change something become events and are answered by an effect, after
/// the commit; requests that only look are functions run between two turns. A second copy of the
/// state for readers was rejected: it would have to be kept true. Reopen if looking at a log of
/// millions slows the loop.
@NullMarked
package tocsin.node.control;

import org.jspecify.annotations.NullMarked;
