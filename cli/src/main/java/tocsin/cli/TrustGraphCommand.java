package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.GetTrustGraphRequest;
import tocsin.proto.TrustEdge;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.TrustVertex;

@Command(
    name = "graph",
    description =
        "The web of trust as it is seen from this node's anchors, or what leads to one"
            + " organization or alert.",
    footer = {
      "",
      "Examples:",
      "  tocsin trust graph",
      "  tocsin trust graph isp-1 --as dot | dot -Tpng > isp-1.png",
      "  tocsin trust graph 3f9a17c2 --as svg > paths.svg"
    })
final class TrustGraphCommand extends Action {
  enum Drawing {
    TEXT,
    DOT,
    SVG
  }

  @Parameters(
      paramLabel = "ORG|ALERT",
      arity = "0..1",
      description = "Only what leads to it (default: all that can be reached).")
  @Nullable String subject;

  @Option(
      names = "--as",
      paramLabel = "DRAWING",
      description = "text, dot (for Graphviz) or svg (a picture; paths in colour and numbered).")
  Drawing as = Drawing.TEXT;

  @Override
  ExitCode run(Session session) throws Failure {
    GetTrustGraphRequest.Builder request = GetTrustGraphRequest.newBuilder();
    if (subject != null) {
      request.setSubject(
          Cards.read(subject).isPresent()
              ? new Organizations(session).find(subject).id().toString()
              : new Organizations(session).forNode(subject));
    }
    TrustGraphReply found = session.node().call(node -> node.getTrustGraph(request.build()));
    TrustGraphReply graph = Aliases.read(session.folder()).shown(found);
    String drawn =
        switch (as) {
          case TEXT -> TrustDrawing.text(graph);
          case DOT -> TrustDrawing.dot(graph);
          case SVG -> TrustPicture.svg(graph);
        };
    if (as == Drawing.TEXT) {
      session.output().one(fields(graph), () -> drawn);
    } else {
      session.output().text(drawn);
    }
    return ExitCode.OK;
  }

  private static Map<String, Object> fields(TrustGraphReply graph) {
    List<Map<String, Object>> vertices = new ArrayList<>();
    for (TrustVertex it : graph.getVerticesList()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("organization", Words.hex(it.getOrganization()));
      each.put("name", it.getName());
      each.put("anchor", it.getAnchor());
      each.put("roles", it.getRolesList().stream().map(RoleText::word).toList());
      each.put("depth", it.getDepth());
      each.put("signs", it.getSigns());
      vertices.add(each);
    }
    List<Map<String, Object>> edges = new ArrayList<>();
    for (TrustEdge it : graph.getEdgesList()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("issuer", Words.hex(it.getIssuer()));
      each.put("subject", Words.hex(it.getSubject()));
      each.put("roles", it.getRolesList().stream().map(RoleText::word).toList());
      each.put("scopes", it.getScopesList());
      each.put("expires", Words.exactTime(it.getExpiresAtMillis()));
      edges.add(each);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.graph/v1");
    fields.put("subject", Words.hex(graph.getSubject()));
    fields.put("organizations", vertices);
    fields.put("vouches", edges);
    fields.put(
        "paths",
        graph.getPathsList().stream()
            .map(path -> path.getOrganizationsList().stream().map(Words::hex).toList())
            .toList());
    fields.put("obstacle", graph.getObstacleList().stream().map(Words::hex).toList());
    return fields;
  }
}
