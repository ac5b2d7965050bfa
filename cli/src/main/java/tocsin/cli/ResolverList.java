package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.proto.ListResolversRequest;
import tocsin.proto.ResolverView;

@Command(
    name = "list",
    description = "The resolvers beside this node, and how they are.",
    footer = {"", "Examples:", "  tocsin resolver list -o json"})
final class ResolverList extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    ListResolversRequest request = ListResolversRequest.newBuilder().build();
    List<ResolverView> resolvers =
        session.node().call(node -> node.listResolvers(request)).getResolversList();
    session
        .output()
        .list(resolvers.stream().map(ResolverList::fields).toList(), () -> table(resolvers));
    return ExitCode.OK;
  }

  private static Map<String, Object> fields(ResolverView resolver) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.resolver/v1");
    fields.put("name", resolver.getName());
    fields.put("kind", resolver.getKind());
    fields.put("address", resolver.getAddress());
    fields.put("up", resolver.getUp());
    fields.put("serial", resolver.getSerial());
    fields.put("backlog", resolver.getBacklog());
    fields.put("lag_ms", resolver.getLagMillis());
    fields.put("detail", resolver.getDetail());
    return fields;
  }

  private static String table(List<ResolverView> resolvers) {
    Table table =
        new Table("RESOLVER", "KIND", "ADDRESS", "STATE", "SERIAL", "BACKLOG", "LAG", "DETAIL");
    for (ResolverView resolver : resolvers) {
      table.row(
          resolver.getName(),
          resolver.getKind(),
          resolver.getAddress(),
          resolver.getUp() ? "up" : "down",
          Long.toString(resolver.getSerial()),
          Integer.toString(resolver.getBacklog()),
          resolver.getLagMillis() == 0 ? "-" : resolver.getLagMillis() + " ms",
          Printable.line(resolver.getDetail()));
    }
    return table.orElse("no resolvers: add a [[resolver]] to the configuration");
  }
}
