package tocsin.storage;

import java.util.Optional;
import tocsin.trust.Sha256;

/// What a complete pass over a log found.
///
/// @param size how many statements the log says it holds
/// @param root Merkle tree hash that belongs to that size
/// @param damage one plain sentence that says what is wrong; empty if everything agrees
public record LogCheck(long size, Sha256 root, Optional<String> damage) {
  public boolean ok() {
    return damage.isEmpty();
  }
}
