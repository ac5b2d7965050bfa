package tocsin.simulations;

import static tocsin.simulations.Svg.f;
import static tocsin.simulations.Svg.n;

import java.util.ArrayList;
import java.util.List;

/// How many nodes have an alert by when: one line per protocol over a logarithmic axis of time, and
/// the physical lower bound beside them, where no line can be to the left of.
final class ArrivalPlot {
  private static final int WIDTH = 880;
  private static final int HEIGHT = 430;
  private static final int LEFT = 54;
  private static final int RIGHT = 24;
  private static final int TOP = 20;
  private static final int BOTTOM = 48;

  /// What the words beside the mark need.
  private static final int TAG = 150;

  /// Before that there is nobody but the origin and its neighbours.
  private static final double FIRST_MILLIS = 8;

  private static final double WIDE = 5_000;

  private static final double[] TICKS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000,
    200_000, 500_000, 1_000_000, 2_000_000, 5_000_000
  };

  /// @param style the class of the line in the page's style sheet
  record Line(String style, String name, Report.Curve curve) {}

  private final List<Line> lines;
  private final double from;
  private final double to;

  /// @param lines the first one lies on top
  ArrivalPlot(List<Line> lines) {
    this.lines = List.copyOf(lines);
    double first = lines.stream().mapToDouble(it -> it.curve().points().get(2)).min().orElse(1);
    double last = lines.stream().mapToDouble(it -> it.curve().max()).max().orElse(1_000);
    this.from = Math.max(FIRST_MILLIS, first * 0.8);
    this.to = last * 1.15;
  }

  private double x(double millis) {
    double share = StrictMath.log(Math.max(millis, from) / from) / StrictMath.log(to / from);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  String svg() {
    StringBuilder out = new StringBuilder(20_000);
    out.append(
        f("<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT));
    out.append("Share of nodes that have an alert, over time\">\n");
    grid(out);
    for (Line line : lines.reversed()) {
      draw(line, out);
    }
    Line own = lines.getFirst();
    double x = x(own.curve().p99());
    boolean fits = x < WIDTH - TAG;
    out.append(
        f(
            "<line class=\"mark\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>\n",
            n(x), n(x), n(y(0.99)), n(y(0))));
    out.append(
        f(
            "<circle class=\"dot\" cx=\"%s\" cy=\"%s\" r=\"4\"/>"
                + "<text class=\"tag\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">99 %% at %s</text>\n",
            n(x),
            n(y(0.99)),
            n(fits ? x + 10 : x - 10),
            n(y(0.07)),
            fits ? "start" : "end",
            Svg.time(own.curve().p99())));
    return out.append("</svg>\n").toString();
  }

  private void grid(StringBuilder out) {
    Svg.shares(LEFT, WIDTH - RIGHT, ArrivalPlot::y, out);
    // Over many powers of ten there is room for their labels only.
    boolean wide = to / from > WIDE;
    for (double tick : TICKS) {
      boolean power = StrictMath.log10(tick) % 1 == 0;
      if (tick >= from && tick <= to && (power || !wide)) {
        double x = x(tick);
        out.append(
            f(
                "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>"
                    + "<text class=\"axis\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>\n",
                n(x), n(x), n(y(1)), n(y(0)), n(x), n(y(0) + 20), tickLabel(tick)));
      }
    }
    out.append(
        f(
            "<text class=\"axis\" x=\"%d\" y=\"%d\" text-anchor=\"end\">"
                + "time since the alert was handed in</text>\n",
            WIDTH - RIGHT, HEIGHT - 8));
  }

  private static String tickLabel(double millis) {
    return millis < 1_000 ? f("%.0f ms", millis) : f("%.0f s", millis / 1_000);
  }

  private void draw(Line line, StringBuilder out) {
    List<String> points = new ArrayList<>();
    List<Double> curve = line.curve().points();
    for (int i = 0; i < curve.size(); i++) {
      points.add(n(x(curve.get(i))) + "," + n(y(i / (curve.size() - 1.0))));
    }
    out.append(
        f(
            "<polyline class=\"line %s\" points=\"%s\"><title>%s</title></polyline>\n",
            line.style(), String.join(" ", points), Svg.escaped(line.name())));
  }
}
