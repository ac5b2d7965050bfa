package tocsin.node.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

/// Reads `tocsin.toml`, strictly: an unknown key is an error, and all errors are told at once. For
/// each setting a flag wins over the environment (`TOCSIN_SECTION__KEY`, lists with commas), that
/// over the file, and that over the default; lists of sections (`[[resolver]]`, `[[dns.tsig]]`) are
/// in the file only.
public final class ConfigFile {
  /// No honest configuration is larger.
  private static final long MAX_BYTES = 1 << 20;

  /// In the design, and built later: accepted with a warning, so that a file written for a newer
  /// node still starts an older one, and nobody believes that they do anything.
  private static final List<String> LATER_SECTIONS = List.of("notify", "metrics");

  private ConfigFile() {}

  /// What a file says.
  ///
  /// @param settings every value and where it is from, in the order of the sections
  /// @param warnings one sentence each
  public record Loaded(NodeConfig config, List<Setting> settings, List<String> warnings) {
    public Loaded {
      settings = List.copyOf(settings);
      warnings = List.copyOf(warnings);
    }
  }

  /// Reads the configuration of a node's folder.
  ///
  /// @param environment all variables; those of other programs are passed over
  /// @param flags values set on the command line, by key: "policy.depth"
  /// @throws ConfigException with everything that is wrong
  public static Loaded load(
      NodeFolder folder, Map<String, String> environment, Map<String, String> flags)
      throws ConfigException {
    String file = folder.configFile().toString();
    return parse(folder, file, read(folder.configFile()), environment, flags);
  }

  /// Reads a configuration that is at hand as text.
  ///
  /// @param file as messages name it
  public static Loaded parse(
      NodeFolder folder,
      String file,
      String text,
      Map<String, String> environment,
      Map<String, String> flags)
      throws ConfigException {
    TomlParseResult toml = Toml.parse(text, TomlVersion.V1_0_0);
    ConfigReader reader = new ConfigReader(file, text, toml, environment, flags);
    if (toml.hasErrors()) {
      // What was recovered from a broken file would only raise errors that are none.
      throw new ConfigException(reader.problems());
    }
    Optional<NodeConfig> config = new ConfigSections(reader, folder).read();
    List<String> warnings = new ArrayList<>();
    refuseUnknownSections(reader, warnings, file);
    reader.refuseUnknownOverrides(LATER_SECTIONS);
    if (!reader.problems().isEmpty()) {
      throw new ConfigException(reader.problems());
    }
    return new Loaded(config.orElseThrow(), reader.settings(), warnings);
  }

  private static void refuseUnknownSections(
      ConfigReader reader, List<String> warnings, String file) {
    for (String name : reader.toml().keySet()) {
      if (ConfigSections.NAMES.contains(name)) {
        continue;
      }
      var position = reader.toml().inputPositionOf(List.of(name));
      if (LATER_SECTIONS.contains(name)) {
        int line = position == null ? 1 : position.line();
        warnings.add(
            file + ":" + line + ": [" + name + "] is not built yet and does nothing so far");
        continue;
      }
      reader.problemAt(
          position,
          "unknown section [" + name + "]",
          "",
          Suggestion.closest(name, ConfigSections.NAMES)
              .map(closest -> "[" + closest + "]")
              .orElseGet(() -> "one of [" + String.join("], [", ConfigSections.NAMES) + "]"));
    }
  }

  private static String read(Path file) throws ConfigException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw unreadable(file, "is larger than 1 MiB: this is no configuration", "");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      String init = "tocsin init --dir " + file.toAbsolutePath().getParent();
      throw unreadable(file, "there is no such file", init);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not UTF-8 text", "");
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage(), "");
    }
  }

  private static ConfigException unreadable(Path file, String what, String attempt) {
    return new ConfigException(
        List.of(new ConfigProblem(file.toString(), 0, 0, "", what, "", attempt)));
  }

  /// The addresses of the root name servers (IANA, 2026), where an iteration starts unless
  /// configured otherwise.
  static final List<InetSocketAddress> ROOT_SERVERS =
      List.of(
          rootServer("198.41.0.4"),
          rootServer("170.247.170.2"),
          rootServer("192.33.4.12"),
          rootServer("199.7.91.13"),
          rootServer("192.203.230.10"),
          rootServer("192.5.5.241"),
          rootServer("192.112.36.4"),
          rootServer("198.97.190.53"),
          rootServer("192.36.148.17"),
          rootServer("192.58.128.30"),
          rootServer("193.0.14.129"),
          rootServer("199.7.83.42"),
          rootServer("202.12.27.33"));

  private static InetSocketAddress rootServer(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), 53);
  }
}
