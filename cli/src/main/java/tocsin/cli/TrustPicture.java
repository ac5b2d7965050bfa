package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tocsin.proto.TrustEdge;
import tocsin.proto.TrustGraphReply;
import tocsin.proto.TrustVertex;

/// A picture of what leads to an alert or an organization, as SVG 1.1: anchors on the left, the
/// subject on the right, the disjoint paths in colours that colour-blind readers can tell apart
/// (Okabe and Ito) and, never by colour alone, numbered.
final class TrustPicture {
  private static final int WIDTH = 190;
  private static final int HEIGHT = 40;
  private static final int ACROSS = 260;
  private static final int DOWN = 64;
  private static final int MARGIN = 20;
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  private record Place(int x, int y) {}

  private final TrustGraphReply graph;
  private final Map<ByteString, Place> places = new HashMap<>();
  private final StringBuilder svg = new StringBuilder();

  private TrustPicture(TrustGraphReply graph) {
    this.graph = graph;
  }

  static String svg(TrustGraphReply graph) {
    return new TrustPicture(graph).draw();
  }

  private String draw() {
    List<List<ByteString>> columns = columns();
    int rows = 1;
    for (int column = 0; column < columns.size(); column++) {
      for (int row = 0; row < columns.get(column).size(); row++) {
        places.put(
            columns.get(column).get(row), new Place(MARGIN + column * ACROSS, MARGIN + row * DOWN));
      }
      rows = Math.max(rows, columns.get(column).size());
    }
    int width = 2 * MARGIN + WIDTH + columns.size() * ACROSS;
    int height = 2 * MARGIN + rows * DOWN;
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
        <title>%s</title>
        <style>text{font:14px sans-serif}rect{fill:#fff;stroke:#333}</style>
        <defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7"
         orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
        """
            .formatted(width, height, width, height, escaped(title())));
    for (TrustEdge edge : graph.getEdgesList()) {
      int path = TrustDrawing.pathOf(graph, edge.getIssuer(), edge.getSubject());
      line(places.get(edge.getIssuer()), places.get(edge.getSubject()), path);
    }
    Place sink = new Place(MARGIN + columns.size() * ACROSS, MARGIN);
    if (graph.getIsAlert()) {
      for (TrustVertex vertex : graph.getVerticesList()) {
        if (vertex.getSigns()) {
          line(places.get(vertex.getOrganization()), sink, endingAt(vertex.getOrganization()));
        }
      }
      box(sink, "alert " + Words.brief(graph.getSubject()), "stroke-width:3");
    }
    for (TrustVertex vertex : graph.getVerticesList()) {
      Place place = places.get(vertex.getOrganization());
      boolean obstacle = graph.getObstacleList().contains(vertex.getOrganization());
      String name = Printable.line(vertex.getName()) + (vertex.getAnchor() ? " (anchor)" : "");
      if (place != null) {
        box(
            place,
            obstacle ? name + " !" : name,
            obstacle ? "stroke-width:3;stroke-dasharray:6 3" : "");
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private String title() {
    return graph.getSubject().isEmpty()
        ? "The web of trust from this node's anchors"
        : graph.getPathsCount()
            + " disjoint paths of "
            + graph.getRequired()
            + " needed; a dashed frame with ! stands in the way";
  }

  /// By the fewest vouches from an anchor.
  private List<List<ByteString>> columns() {
    Map<ByteString, Integer> distance = new HashMap<>();
    ArrayDeque<ByteString> waiting = new ArrayDeque<>();
    for (TrustVertex vertex : graph.getVerticesList()) {
      if (vertex.getAnchor()) {
        distance.put(vertex.getOrganization(), 0);
        waiting.add(vertex.getOrganization());
      }
    }
    while (!waiting.isEmpty()) {
      ByteString from = waiting.remove();
      for (TrustEdge edge : graph.getEdgesList()) {
        if (edge.getIssuer().equals(from) && !distance.containsKey(edge.getSubject())) {
          distance.put(edge.getSubject(), distance.getOrDefault(from, 0) + 1);
          waiting.add(edge.getSubject());
        }
      }
    }
    List<List<ByteString>> columns = new ArrayList<>();
    for (TrustVertex vertex : graph.getVerticesList()) {
      int column = distance.getOrDefault(vertex.getOrganization(), 0);
      while (columns.size() <= column) {
        columns.add(new ArrayList<>());
      }
      columns.get(column).add(vertex.getOrganization());
    }
    return columns;
  }

  private int endingAt(ByteString organization) {
    for (int i = 0; i < graph.getPathsCount(); i++) {
      List<ByteString> path = graph.getPaths(i).getOrganizationsList();
      if (path.getLast().equals(organization)) {
        return i + 1;
      }
    }
    return 0;
  }

  private void line(@Nullable Place from, @Nullable Place to, int path) {
    if (from == null || to == null) {
      return;
    }
    String colour = path == 0 ? "#999" : COLOURS.get((path - 1) % COLOURS.size());
    int x1 = from.x() + WIDTH;
    int y1 = from.y() + HEIGHT / 2;
    int y2 = to.y() + HEIGHT / 2;
    svg.append(
        "<path d=\"M%d %dC%d %d %d %d %d %d\" fill=\"none\" stroke=\"%s\" stroke-width=\"%d\""
            .formatted(
                x1, y1, x1 + 40, y1, to.x() - 40, y2, to.x(), y2, colour, path == 0 ? 1 : 3));
    svg.append(" marker-end=\"url(#end)\"/>\n");
    if (path > 0) {
      svg.append(
          "<text x=\"%d\" y=\"%d\" fill=\"%s\">%d</text>%n"
              .formatted((x1 + to.x()) / 2, (y1 + y2) / 2 - 4, colour, path));
    }
  }

  private void box(Place at, String text, String style) {
    String shown = text.length() > 24 ? text.substring(0, 23) + "…" : text;
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" style=\"%s\"/>"
            .formatted(at.x(), at.y(), WIDTH, HEIGHT, style));
    svg.append(
        "<text x=\"%d\" y=\"%d\">%s</text>%n"
            .formatted(at.x() + 8, at.y() + HEIGHT / 2 + 5, escaped(shown)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
