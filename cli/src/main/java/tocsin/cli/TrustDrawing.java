package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tocsin.proto.TrustEdge;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.TrustPath;
import tocsin.proto.TrustVertex;

/// The web of trust as indented text, and in Graphviz's language
/// (https://graphviz.org/doc/info/lang.html).
final class TrustDrawing {
  private TrustDrawing() {}

  static Map<ByteString, String> names(TrustGraphReply graph) {
    Map<ByteString, String> names = new HashMap<>();
    for (TrustVertex it : graph.getVerticesList()) {
      names.put(it.getOrganization(), Printable.line(it.getName()));
    }
    return names;
  }

  /// Each organization once, under whoever vouches for it first; a second voucher points to it.
  static String text(TrustGraphReply graph) {
    if (graph.getVerticesCount() == 0) {
      return "nobody can be reached: choose an anchor (tocsin trust anchor add)\n";
    }
    Map<ByteString, String> names = names(graph);
    Map<ByteString, List<TrustEdge>> vouches = new HashMap<>();
    for (TrustEdge edge : graph.getEdgesList()) {
      vouches.computeIfAbsent(edge.getIssuer(), _ -> new ArrayList<>()).add(edge);
    }
    Map<ByteString, Boolean> shown = new HashMap<>();
    StringBuilder text = new StringBuilder();
    for (TrustVertex vertex : graph.getVerticesList()) {
      if (vertex.getAnchor()) {
        text.append(names.get(vertex.getOrganization())).append(" (anchor)\n");
        shown.put(vertex.getOrganization(), true);
        below(text, vertex.getOrganization(), 1, vouches, names, shown);
      }
    }
    for (int i = 0; i < graph.getPathsCount(); i++) {
      List<String> steps = new ArrayList<>();
      for (ByteString step : graph.getPaths(i).getOrganizationsList()) {
        steps.add(names.getOrDefault(step, Words.brief(step)));
      }
      text.append("path ").append(i + 1).append(": ");
      text.append(String.join(" -> ", steps)).append('\n');
    }
    return text.toString();
  }

  private static void below(
      StringBuilder text,
      ByteString issuer,
      int indent,
      Map<ByteString, List<TrustEdge>> vouches,
      Map<ByteString, String> names,
      Map<ByteString, Boolean> shown) {
    for (TrustEdge edge : vouches.getOrDefault(issuer, List.of())) {
      boolean again = shown.put(edge.getSubject(), true) != null;
      text.repeat("  ", indent)
          .append("-> ")
          .append(names.getOrDefault(edge.getSubject(), Words.brief(edge.getSubject())))
          .append(" as ")
          .append(String.join(", ", edge.getRolesList().stream().map(RoleText::word).toList()))
          .append(" for ")
          .append(String.join(", ", edge.getScopesList().stream().map(RoleText::scope).toList()))
          .append(again ? " (see above)" : "")
          .append('\n');
      if (!again) {
        below(text, edge.getSubject(), indent + 1, vouches, names, shown);
      }
    }
  }

  static String dot(TrustGraphReply graph) {
    StringBuilder dot = new StringBuilder("digraph trust {\n  rankdir=LR;\n  node [shape=box];\n");
    for (TrustVertex it : graph.getVerticesList()) {
      dot.append("  \"")
          .append(Words.hex(it.getOrganization()))
          .append("\" [label=\"")
          .append(escaped(Printable.line(it.getName())))
          .append('"')
          .append(it.getAnchor() ? ", peripheries=2" : "")
          .append(it.getSigns() ? ", style=bold" : "")
          .append(graph.getObstacleList().contains(it.getOrganization()) ? ", color=red" : "")
          .append("];\n");
    }
    for (TrustEdge it : graph.getEdgesList()) {
      int path = pathOf(graph, it.getIssuer(), it.getSubject());
      dot.append("  \"")
          .append(Words.hex(it.getIssuer()))
          .append("\" -> \"")
          .append(Words.hex(it.getSubject()))
          .append("\" [label=\"")
          .append(escaped(String.join(" ", it.getScopesList())))
          .append('"')
          .append(path > 0 ? ", penwidth=3, taillabel=\"" + path + "\"" : ", color=gray")
          .append("];\n");
    }
    if (graph.getIsAlert()) {
      dot.append("  alert [shape=octagon, label=\"alert ")
          .append(Words.brief(graph.getSubject()))
          .append("\"];\n");
      for (TrustVertex it : graph.getVerticesList()) {
        if (it.getSigns()) {
          dot.append("  \"").append(Words.hex(it.getOrganization())).append("\" -> alert;\n");
        }
      }
    }
    return dot.append("}\n").toString();
  }

  /// The number of the path that goes from one to the other, from 1; 0 if none does.
  static int pathOf(TrustGraphReply graph, ByteString from, ByteString to) {
    for (int i = 0; i < graph.getPathsCount(); i++) {
      TrustPath path = graph.getPaths(i);
      for (int step = 1; step < path.getOrganizationsCount(); step++) {
        if (path.getOrganizations(step - 1).equals(from)
            && path.getOrganizations(step).equals(to)) {
          return i + 1;
        }
      }
    }
    return 0;
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
