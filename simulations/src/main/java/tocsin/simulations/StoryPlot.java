package tocsin.simulations;

import static tocsin.simulations.Svg.f;
import static tocsin.simulations.Svg.n;

import java.util.List;

/// How many of the answers that customers got sent them to the hijacker, as the story goes on: of
/// the resolvers beside nodes, and of the same resolvers without.
final class StoryPlot {
  private static final int WIDTH = 880;
  private static final int HEIGHT = 360;
  private static final int LEFT = 54;
  private static final int RIGHT = 24;
  private static final int TOP = 64;
  private static final int BOTTOM = 48;
  private static final int TICK_SECONDS = 60;

  /// Marks tell what they stand for in lines of their own, one below the other.
  private static final int LINE = 18;

  private final Report.Story story;

  StoryPlot(Report.Story story) {
    this.story = story;
  }

  private double seconds() {
    return story.withNode().size() * story.bucketSeconds();
  }

  private double x(double seconds) {
    return LEFT + seconds / seconds() * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double share) {
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  String svg() {
    StringBuilder out = new StringBuilder(10_000);
    out.append(
        f("<svg class=\"plot\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", WIDTH, HEIGHT));
    out.append("Share of answers that send customers to the hijacker, over time\">\n");
    grid(out);
    area("without", story.without(), out);
    area("own", story.withNode(), out);
    int line = 0;
    for (Report.Mark mark : story.marks()) {
      mark(mark, line++, out);
    }
    return out.append("</svg>\n").toString();
  }

  private void grid(StringBuilder out) {
    Svg.shares(LEFT, WIDTH - RIGHT, StoryPlot::y, out);
    for (int second = TICK_SECONDS; second < seconds(); second += TICK_SECONDS) {
      out.append(
          f(
              "<text class=\"axis\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%d min</text>\n",
              n(x(second)), n(y(0) + 20), second / TICK_SECONDS));
    }
  }

  /// Steps: each share holds for its whole bucket.
  private void area(String style, List<Double> shares, StringBuilder out) {
    StringBuilder points = new StringBuilder(n(x(0)) + "," + n(y(0)));
    for (int i = 0; i < shares.size(); i++) {
      double y = y(shares.get(i));
      points.append(f(" %s,%s", n(x(i * story.bucketSeconds())), n(y)));
      points.append(f(" %s,%s", n(x((i + 1) * story.bucketSeconds())), n(y)));
    }
    points.append(f(" %s,%s", n(x(seconds())), n(y(0))));
    out.append(f("<polygon class=\"area %s\" points=\"%s\"/>\n", style, points));
  }

  private void mark(Report.Mark mark, int line, StringBuilder out) {
    double x = x(mark.seconds());
    boolean fits = x < WIDTH * 0.7;
    int top = LINE * (line + 1);
    out.append(
        f(
            "<line class=\"mark\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%s\"/>"
                + "<text class=\"place\" x=\"%s\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
            n(x),
            n(x),
            top,
            n(y(0)),
            n(fits ? x + 6 : x - 6),
            top,
            fits ? "start" : "end",
            Svg.escaped(mark.words())));
  }
}
