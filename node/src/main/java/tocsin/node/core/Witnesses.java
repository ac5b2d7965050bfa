package tocsin.node.core;

import java.util.List;
import java.util.Optional;
import tocsin.storage.LogId;
import tocsin.storage.SignedNote;
import tocsin.trust.PublicKey;

/// What witnesses say of this node's log, and it of theirs.
///
/// @param node this node's key
/// @param nodes keys of the nodes whose logs were seen here: those who cosigned are among them
/// @param checkpoint the newest one, with their cosignatures; empty if none was signed yet
/// @param fresh organizations, ours not counted, that showed a fresh checkpoint within five minutes
/// @param required how many must, for this node to take new overrides
/// @param exposed logs whose nodes were shown to lie
/// @param clockOffsetMillis what their clocks show more than ours, median of three or more
public record Witnesses(
    PublicKey node,
    List<PublicKey> nodes,
    Optional<SignedNote> checkpoint,
    int fresh,
    int required,
    List<LogId> exposed,
    Optional<Long> clockOffsetMillis) {
  public Witnesses {
    nodes = List.copyOf(nodes);
    exposed = List.copyOf(exposed);
  }
}
