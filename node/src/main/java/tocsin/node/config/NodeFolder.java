package tocsin.node.config;

import java.nio.file.Path;

/// Where things are in a node's folder.
///
/// ```
/// tocsin.toml    configuration, commented
/// profile.bin    the organization's genesis profile: a serialized envelope, for the first start
/// aliases.toml   pet names for organizations, as this folder's operator likes them
/// keys/          private keys and other secrets, mode 0700; files 0600
/// data/          what the node remembers; only the node writes it
/// control.sock   where the node listens for the command line (unless configured elsewhere)
/// ```
public record NodeFolder(Path directory) {
  public Path configFile() {
    return directory.resolve("tocsin.toml");
  }

  public Path profile() {
    return directory.resolve("profile.bin");
  }

  public Path aliases() {
    return directory.resolve("aliases.toml");
  }

  public Path keys() {
    return directory.resolve("keys");
  }

  /// @param name "root", "operations" or "node"
  public Path key(String name) {
    return keys().resolve(name + ".key");
  }

  public Path data() {
    return directory.resolve("data");
  }

  /// A path from the configuration: relative ones begin in the folder.
  public Path resolve(String path) {
    return directory.resolve(path);
  }
}
