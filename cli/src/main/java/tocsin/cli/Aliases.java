package tocsin.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import tocsin.node.config.NodeFolder;
import tocsin.proto.Explanation;
import tocsin.proto.OrganizationView;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.TrustVertex;
import tocsin.trust.OrganizationId;

/// Pet names that this folder's operator gave to organizations: `aliases.toml`, a line each. They
/// mean something to the command line only; an anchor's pet name is known to the node.
final class Aliases {
  private final Path file;
  private final SortedMap<String, OrganizationId> aliases;

  private Aliases(Path file, SortedMap<String, OrganizationId> aliases) {
    this.file = file;
    this.aliases = aliases;
  }

  static Aliases read(NodeFolder folder) throws Failure {
    Path file = folder.aliases();
    SortedMap<String, OrganizationId> aliases = new TreeMap<>();
    try {
      TomlParseResult toml = Toml.parse(file);
      for (Map.Entry<String, Object> entry : toml.toMap().entrySet()) {
        aliases.put(entry.getKey(), OrganizationId.fromHex(String.valueOf(entry.getValue())));
      }
      if (toml.hasErrors()) {
        throw broken(file, toml.errors().getFirst());
      }
    } catch (NoSuchFileException e) {
      return new Aliases(file, aliases);
    } catch (IOException | IllegalArgumentException e) {
      throw broken(file, e);
    }
    return new Aliases(file, aliases);
  }

  private static Failure broken(Path file, Exception cause) {
    return new Failure(ExitCode.HALTED, "cannot read " + file + ": " + cause.getMessage())
        .because("each line is NAME = \"ID\", with all 64 digits of an organization's id")
        .causedBy(cause);
  }

  /// The id behind an alias; any other text stays as it is.
  String expand(String text) {
    OrganizationId id = aliases.get(text);
    return id == null ? text : id.toString();
  }

  /// The same, with the operator's own names.
  Explanation shown(Explanation explanation) {
    Explanation.Builder named = explanation.toBuilder();
    byId()
        .forEach((id, alias) -> {
          if (explanation.containsNames(id.toString())) {
            named.putNames(id.toString(), alias);
          }
        });
    return named.build();
  }

  /// Anchors go by the names that the node has for them.
  TrustGraphReply shown(TrustGraphReply graph) {
    TrustGraphReply.Builder named = graph.toBuilder();
    Map<OrganizationId, String> names = byId();
    for (TrustVertex.Builder it : named.getVerticesBuilderList()) {
      String alias = names.get(OrganizationId.fromBytes(it.getOrganization()));
      if (alias != null && !it.getAnchor()) {
        it.setName(alias);
      }
    }
    return named.build();
  }

  /// The same, with the operator's own name where the node has none.
  OrganizationView shown(OrganizationView view) {
    String alias = byId().get(OrganizationId.fromBytes(view.getOrganization()));
    return alias == null || !view.getPetName().isEmpty()
        ? view
        : view.toBuilder().setPetName(alias).build();
  }

  SortedMap<String, OrganizationId> all() {
    return aliases;
  }

  Map<OrganizationId, String> byId() {
    Map<OrganizationId, String> byId = new TreeMap<>();
    aliases.forEach((alias, id) -> byId.put(id, alias));
    return byId;
  }

  void put(String alias, OrganizationId id) throws Failure {
    if (!alias.matches("[A-Za-z][A-Za-z0-9_.-]{0,63}") || alias.matches("[0-9a-f]{4,64}")) {
      throw Failure.usage(
          "an alias begins with a letter, has letters, digits, '.', '-' and '_', and is no id");
    }
    aliases.put(alias, id);
    write();
  }

  boolean remove(String alias) throws Failure {
    boolean was = aliases.remove(alias) != null;
    write();
    return was;
  }

  private void write() throws Failure {
    StringBuilder text =
        new StringBuilder("# Pet names for organizations, by \"tocsin org alias\".\n");
    aliases.forEach(
        (alias, id) -> text.append('"').append(alias).append("\" = \"").append(id).append("\"\n"));
    Path draft = file.resolveSibling("aliases.toml.new");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + file + ": " + e.getMessage())
          .causedBy(e);
    }
  }
}
