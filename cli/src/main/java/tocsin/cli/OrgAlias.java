package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.trust.OrganizationId;

@Command(
    name = "alias",
    description = "Your own short names for organizations, in this folder.",
    footer = {
      "",
      "Examples:",
      "  tocsin org alias isp2 \"$(cat isp-2.card)\"",
      "  tocsin org alias isp2 --remove",
      "  tocsin org alias"
    })
final class OrgAlias extends Action {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The short name.")
  @Nullable String name;

  @Parameters(index = "1", arity = "0..1", paramLabel = "ORG|CARD", description = "Whom it names.")
  @Nullable String organization;

  @Option(names = "--remove", description = "Forget the name.")
  boolean remove;

  @Override
  ExitCode run(Session session) throws Failure {
    Aliases aliases = Aliases.read(session.folder());
    String alias = name;
    if (alias != null && remove) {
      if (!aliases.remove(alias)) {
        throw new Failure(ExitCode.NOT_FOUND, "there is no alias \"" + alias + "\"");
      }
    } else if (alias != null && organization != null) {
      aliases.put(alias, new Organizations(session).find(organization).id());
    } else if (alias != null) {
      throw Failure.usage("whom should \"" + alias + "\" name?")
          .tryThis("tocsin org alias " + Words.quoted(alias) + " CARD");
    }
    List<Map<String, Object>> items = new ArrayList<>();
    Table table = new Table("ALIAS", "ORGANIZATION");
    for (Map.Entry<String, OrganizationId> entry : aliases.all().entrySet()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.alias/v1");
      fields.put("name", entry.getKey());
      fields.put("organization", entry.getValue().toString());
      items.add(fields);
      table.row(entry.getKey(), entry.getValue().toString());
    }
    session.output().list(items, () -> table.orElse("no aliases"));
    return ExitCode.OK;
  }
}
