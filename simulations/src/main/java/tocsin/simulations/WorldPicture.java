package tocsin.simulations;

import static tocsin.simulations.Svg.f;
import static tocsin.simulations.Svg.n;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// One alert on its way around the world: countries where they lie, as large as they have nodes, in
/// the colour of the time at which half of their nodes had it.
///
/// The world is drawn in the Equal Earth projection (Šavrič, Patterson, Jenny: The Equal Earth map
/// projection, 2018), a part of it with straight meridians.
final class WorldPicture {
  /// Colours in the page's style sheet, `t0` the earliest.
  static final int SHADES = 6;

  private static final int WIDTH = 880;

  /// @param worldWide or straight meridians
  record View(double west, double east, double south, double north, boolean worldWide) {
    static final View WORLD = new View(-180, 180, -56, 80, true);
    static final View EUROPE = new View(-13, 48, 33.5, 66, false);

    private double x(double east, double north) {
      if (!worldWide) {
        return east * StrictMath.cos(StrictMath.toRadians((south + this.north) / 2));
      }
      double theta = theta(north);
      double t2 = theta * theta;
      double t6 = t2 * t2 * t2;
      double slope = 9 * 0.003796 * t6 * t2 + 7 * 0.000893 * t6 - 3 * 0.081106 * t2 + 1.340264;
      return StrictMath.toDegrees(
          2
              * StrictMath.sqrt(3)
              * StrictMath.toRadians(east)
              * StrictMath.cos(theta)
              / (3 * slope));
    }

    private double y(double north) {
      if (!worldWide) {
        return -north;
      }
      double theta = theta(north);
      double t2 = theta * theta;
      double t6 = t2 * t2 * t2;
      return -StrictMath.toDegrees(
          theta * (1.340264 - 0.081106 * t2 + 0.000893 * t6 + 0.003796 * t6 * t2));
    }

    private static double theta(double north) {
      return StrictMath.asin(StrictMath.sqrt(3) / 2 * StrictMath.sin(StrictMath.toRadians(north)));
    }
  }

  private final Report.Journey journey;
  private final double slowest;
  private final List<List<double[]>> land;

  WorldPicture(Report.Journey journey) {
    this.journey = journey;
    this.slowest = journey.stops().stream().mapToDouble(Report.Stop::medianMillis).max().orElse(1);
    this.land = land();
  }

  /// Rings of points: east, north.
  private static List<List<double[]>> land() {
    try (InputStream in =
        Objects.requireNonNull(WorldPicture.class.getResourceAsStream("land.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(WorldPicture::ring)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this module cannot be read", e);
    }
  }

  private static List<double[]> ring(String line) {
    String[] words = line.split(" ", -1);
    List<double[]> ring = new ArrayList<>();
    for (int i = 0; i + 1 < words.length; i += 2) {
      ring.add(new double[] {Double.parseDouble(words[i]), Double.parseDouble(words[i + 1])});
    }
    return ring;
  }

  /// Where the colours change, in milliseconds: `SHADES - 1` of them, ascending.
  private double border(int shade) {
    return slowest * (shade + 1) / SHADES;
  }

  private int shade(double millis) {
    int shade = 0;
    while (shade < SHADES - 1 && millis > border(shade)) {
      shade++;
    }
    return shade;
  }

  /// The whole journey in one picture.
  String picture(View view) {
    Sheet sheet = new Sheet(view, WIDTH);
    StringBuilder out = new StringBuilder(60_000);
    begin(sheet, "map", out);
    Report.Stop origin = origin();
    for (Report.Stop stop : journey.stops()) {
      if (sheet.shows(stop) && !stop.code().equals(origin.code())) {
        arc(sheet, origin, stop, out);
      }
    }
    List<Report.Stop> largestFirst =
        journey.stops().stream()
            .filter(sheet::shows)
            .sorted(Comparator.comparingInt(Report.Stop::nodes).reversed())
            .toList();
    double scale = view.worldWide() ? 1 : 1.7;
    for (Report.Stop stop : largestFirst) {
      out.append(
          f(
              "<circle class=\"stop t%d\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>%s: %s nodes, half of"
                  + " them by %s, all by %s</title></circle>\n",
              shade(stop.medianMillis()),
              n(sheet.x(stop)),
              n(sheet.y(stop)),
              n(radius(stop) * scale),
              Svg.escaped(stop.name()),
              Svg.count(stop.nodes()),
              Svg.time(stop.medianMillis()),
              Svg.time(stop.lastMillis())));
    }
    if (sheet.shows(origin)) {
      out.append(
          f(
              "<circle class=\"origin\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>\n",
              n(sheet.x(origin)), n(sheet.y(origin)), n(radius(origin) * scale + 5)));
    }
    for (Report.Stop stop : largestFirst) {
      if (!view.worldWide() || isFarOff(stop)) {
        out.append(
            f(
                "<text class=\"place\" x=\"%s\" y=\"%s\" text-anchor=\"middle\">%s</text>\n",
                n(sheet.x(stop)),
                n(sheet.y(stop) + radius(stop) * scale + 13),
                f("%s %.0f", stop.code(), stop.medianMillis())));
      }
    }
    return out.append("</svg>\n").toString();
  }

  /// Where there is room for a word.
  private static boolean isFarOff(Report.Stop stop) {
    return stop.east() < -15 || stop.east() > 50 || stop.north() < 30;
  }

  /// Who has it by then: circles fill up.
  String atMoment(double millis, int width) {
    Sheet sheet = new Sheet(View.WORLD, width);
    StringBuilder out = new StringBuilder(30_000);
    begin(sheet, "map small", out);
    for (Report.Stop stop : journey.stops()) {
      double share = stop.shareBy(millis);
      double radius = Math.max(2.2, radius(stop) * 0.62);
      out.append(
          f(
              "<circle class=\"empty\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>",
              n(sheet.x(stop)), n(sheet.y(stop)), n(radius)));
      if (share > 0) {
        out.append(
            f(
                "<circle class=\"full\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>",
                n(sheet.x(stop)), n(sheet.y(stop)), n(radius * StrictMath.sqrt(share))));
      }
      out.append('\n');
    }
    return out.append("</svg>\n").toString();
  }

  /// The share of all nodes that have it by then.
  double shareBy(double millis) {
    double nodes = journey.stops().stream().mapToInt(Report.Stop::nodes).sum();
    return journey.stops().stream().mapToDouble(it -> it.nodes() * it.shareBy(millis)).sum()
        / nodes;
  }

  String legend() {
    StringBuilder out = new StringBuilder("<p class=\"legend\">half of a country's nodes by: ");
    for (int shade = 0; shade < SHADES; shade++) {
      out.append(
          f("<span class=\"key\"><i class=\"t%d\"></i>%s</span> ", shade, Svg.time(border(shade))));
    }
    return out.append("</p>\n").toString();
  }

  private Report.Stop origin() {
    return journey.stops().stream()
        .filter(it -> it.code().equals(journey.from()))
        .findFirst()
        .orElse(journey.stops().getFirst());
  }

  private double radius(Report.Stop stop) {
    double most = journey.stops().stream().mapToInt(Report.Stop::nodes).max().orElse(1);
    return 3 + 15 * StrictMath.sqrt(stop.nodes() / most);
  }

  private void arc(Sheet sheet, Report.Stop from, Report.Stop to, StringBuilder out) {
    double x1 = sheet.x(from);
    double y1 = sheet.y(from);
    double x2 = sheet.x(to);
    double y2 = sheet.y(to);
    double bend = StrictMath.hypot(x2 - x1, y2 - y1) * 0.18;
    out.append(
        f(
            "<path class=\"way s%d\" d=\"M%s %sQ%s %s %s %s\"/>\n",
            shade(to.medianMillis()),
            n(x1),
            n(y1),
            n((x1 + x2) / 2),
            n((y1 + y2) / 2 - bend),
            n(x2),
            n(y2)));
  }

  private void begin(Sheet sheet, String style, StringBuilder out) {
    out.append(
        f(
            "<svg class=\"%s\" viewBox=\"0 0 %d %s\" role=\"img\" aria-label=\"Map of arrivals\">\n",
            style, sheet.width, n(sheet.height())));
    out.append("<path class=\"land\" d=\"");
    for (List<double[]> ring : land) {
      char command = 'M';
      for (double[] point : ring) {
        out.append(command)
            .append(n(sheet.x(point[0], point[1])))
            .append(' ')
            .append(n(sheet.y(point[1])));
        command = 'L';
      }
      out.append('Z');
    }
    out.append("\"/>\n");
  }

  /// A view, scaled to a width.
  private static final class Sheet {
    private final View view;
    private final int width;
    private final double left;
    private final double top;
    private final double scale;

    Sheet(View view, int width) {
      this.view = view;
      this.width = width;
      double middle = view.worldWide() ? 0 : view.north();
      this.left = view.x(view.west(), middle);
      this.top = view.y(view.north());
      this.scale = width / (view.x(view.east(), middle) - left);
    }

    double x(double east, double north) {
      return (view.x(east, north) - left) * scale;
    }

    double y(double north) {
      return (view.y(north) - top) * scale;
    }

    double x(Report.Stop stop) {
      return x(stop.east(), stop.north());
    }

    double y(Report.Stop stop) {
      return y(stop.north());
    }

    double height() {
      return y(view.south());
    }

    boolean shows(Report.Stop stop) {
      return stop.east() > view.west()
          && stop.east() < view.east()
          && stop.north() > view.south()
          && stop.north() < view.north();
    }
  }
}
