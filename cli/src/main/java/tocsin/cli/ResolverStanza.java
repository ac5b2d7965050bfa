package tocsin.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.node.config.Stanza;

@Command(
    name = "stanza",
    description = {
      "Print configuration to paste into a resolver, so that it takes this node's overlay.",
      "",
      "Each part says where it belongs; the last is for this node's own tocsin.toml."
    },
    footer = {
      "",
      "Examples:",
      "  tocsin resolver stanza unbound",
      "  tocsin resolver stanza powerdns --control http://127.0.0.1:8083",
      "  tocsin resolver stanza knot -o json"
    })
final class ResolverStanza extends Action {
  @Parameters(paramLabel = "KIND", description = "unbound, bind, powerdns or knot.")
  Stanza.@Nullable Resolver kind;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS:PORT",
      description = "Where the resolver answers (default: 127.0.0.1:53).")
  @Nullable String address;

  @Option(
      names = "--control",
      paramLabel = "SOCKET|URL",
      description = "Its control socket or web address (default: as Debian has it).")
  @Nullable String control;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description = "Where files for it go (default: as Debian has it).")
  @Nullable String folder;

  @Override
  ExitCode run(Session session) throws Failure {
    if (kind == null) {
      throw Failure.usage("missing KIND").tryThis(session.command("resolver stanza unbound"));
    }
    for (String given : new String[] {address, control, folder}) {
      if (given != null && !given.matches("[A-Za-z0-9._:/\\[\\]-]+")) {
        throw Failure.usage("has characters that no configuration here should have: " + given);
      }
    }
    Stanza stanza =
        Stanza.of(
            session.config(),
            kind,
            new Stanza.Place(
                Optional.ofNullable(address),
                Optional.ofNullable(control),
                Optional.ofNullable(folder)));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.resolver-stanza/v1");
    fields.put("kind", kind.toString());
    List<Map<String, Object>> parts = new ArrayList<>();
    for (Stanza.Part part : stanza.parts()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("file", part.file());
      one.put("text", part.text());
      parts.add(one);
    }
    fields.put("parts", parts);
    fields.put("section", stanza.section());
    Stanza.Resolver shown = kind;
    session.output().one(fields, () -> shown(shown, stanza, session.folder().configFile()));
    return ExitCode.OK;
  }

  private static String shown(Stanza.Resolver kind, Stanza stanza, Path configuration) {
    String comment = comment(kind);
    StringBuilder text = new StringBuilder();
    for (Stanza.Part part : stanza.parts()) {
      text.append(comment).append(" ---- ").append(part.file()).append('\n');
      text.append(part.text()).append('\n');
    }
    text.append("# ---- the end of ").append(configuration).append('\n').append(stanza.section());
    return text.toString().stripTrailing();
  }

  private static String comment(Stanza.Resolver kind) {
    return switch (kind) {
      case UNBOUND, POWERDNS -> "#";
      case BIND -> "//";
      case KNOT -> "--";
    };
  }
}
