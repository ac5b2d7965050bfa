package tocsin.node.web;

import java.util.List;
import java.util.Optional;
import tocsin.proto.AlertView;

/// Where the alerts are: the node's core, asked from outside. Both may block for as long as a turn
/// of the core's loop takes.
public interface AlertSource {
  /// All that are pending or active.
  List<AlertView> live();

  /// One, whatever became of it.
  ///
  /// @param id 64 hexadecimal digits
  Optional<AlertView> find(String id);
}
