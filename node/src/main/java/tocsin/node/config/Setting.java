package tocsin.node.config;

/// One value of a configuration and where it is from, for `config show --origin`.
///
/// @param key "dns.listen", "resolver.u1.control"
/// @param value as TOML
public record Setting(String key, String value, Origin origin) {
  public sealed interface Origin {
    record Default() implements Origin {
      @Override
      public String toString() {
        return "default";
      }
    }

    record File(String file, int line) implements Origin {
      @Override
      public String toString() {
        return file + ":" + line;
      }
    }

    record Environment(String variable) implements Origin {
      @Override
      public String toString() {
        return "environment " + variable;
      }
    }

    record Flag(String flag) implements Origin {
      @Override
      public String toString() {
        return "flag " + flag;
      }
    }
  }
}
