package tocsin.cli.demo;

import java.util.List;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.NodeFolder;

/// Makes a node's folder as `tocsin init` does: keys, profile, configuration.
public interface Init {
  /// What a person answers to `init`'s questions.
  record Answers(
      String organization,
      String name,
      String network,
      HostPort listen,
      HostPort dns,
      List<HostPort> peers) {
    public Answers {
      peers = List.copyOf(peers);
    }
  }

  void init(NodeFolder folder, Answers answers) throws KeyFileException;
}
