package tocsin.simulations;

import static tocsin.simulations.Svg.f;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of a run as one page that a person wants to look at: plain words, pictures in it, no
/// scripts, nothing fetched from anywhere; light or dark as the reader's machine is.
public final class ReportPage {
  /// Where a report is from.
  ///
  /// @param command that makes it again
  /// @param commit of the program; "unknown" outside of its repository
  /// @param summary of the scenario, a sentence
  public record Origin(String command, String commit, String summary) {}

  private ReportPage() {}

  /// HTML.
  public static String of(Report report, Origin origin) {
    StringBuilder out = new StringBuilder(200_000);
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.append("<title>Tocsin: ").append(Svg.escaped(title(report))).append("</title>\n<style>\n");
    out.append(STYLE).append("</style>\n</head>\n<body>\n<main>\n");
    out.append("<p class=\"over\">Tocsin, simulated &middot; ")
        .append(Svg.escaped(report.scenario()))
        .append("</p>\n");
    switch (report) {
      case Report.Spreading it -> spreading(it, out);
      case Report.Findings it -> {
        plain(report, origin, out);
        arrivals(it, out);
      }
      case Report.BadDay it -> {
        plain(report, origin, out);
        story(it, out);
      }
    }
    provenance(report, origin, out);
    return out.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String title(Report report) {
    return switch (report) {
      case Report.Spreading it ->
          f("%s nodes in %s", Svg.count(it.nodes()), Svg.time(it.arrival().max()));
      default -> report.scenario();
    };
  }

  // ---- how news spreads

  private static void spreading(Report.Spreading it, StringBuilder out) {
    out.append(f("<h1>An alert is everywhere in <em>%s</em></h1>\n", Svg.time(it.arrival().max())));
    out.append(
        f(
            "<p class=\"lead\">%s alerts were raised one after the other at %s nodes in 48 countries."
                + " Each reached every %snode: half of them within %s, 99 in a hundred within %s."
                + " Light in cables alone needs %s for those 99, by the fastest way that there is,"
                + " so no protocol could be faster; this one takes %s times as long.</p>\n",
            Svg.count(it.alerts()),
            Svg.count(it.nodes()),
            it.scenario().equals("silent") ? "honest " : "",
            Svg.time(it.arrival().p50()),
            Svg.time(it.arrival().p99()),
            Svg.time(it.bound().p99()),
            Svg.times(it.p99ToBound())));
    tiles(it, out);
    goals(it, out);
    whoHasItWhen(
        "Each line shows how many of the nodes have an alert at a time. "
            + BOUND
            + (it.baselines().isEmpty()
                ? ""
                : " The others are protocols in wide use, over the same network."),
        lines(it),
        out);
    if (!it.baselines().isEmpty()) {
      comparison(it, out);
    }
    world(it, out);
    countries(it.journey(), out);
  }

  private static void tiles(Report.Spreading it, StringBuilder out) {
    out.append("<div class=\"tiles\">\n");
    tile(out, Svg.time(it.arrival().p50()), "half of all nodes have it");
    tile(out, Svg.time(it.arrival().p99()), "99 % have it");
    tile(out, Svg.times(it.p99ToBound()) + " &times;", "the physical bound, at 99 %");
    tile(out, Svg.times(it.copiesPerDelivery()), "copies sent for each that was needed");
    tile(out, f("%.1f KiB", it.bytesPerDelivery() / 1024), "sent in all for each delivery");
    tile(out, Svg.count(it.missing()), "deliveries missing in the end");
    out.append("</div>\n");
  }

  /// What the protocol's design promises, and what became of it here.
  private static void goals(Report.Spreading it, StringBuilder out) {
    boolean silent = it.scenario().equals("silent");
    out.append("<p class=\"goals\">Goals: ");
    goal(
        out,
        silent ? "99 % within 1.7 times the bound" : "99 % within 1.45 times the bound",
        it.p99ToBound() <= (silent ? 1.7 : 1.45));
    goal(
        out,
        silent ? "everybody within 2 s" : "everybody within 300 ms",
        it.arrival().max() <= (silent ? 2_000 : 300));
    goal(out, "every honest node reached", it.missing() == 0);
    if (!silent) {
      goal(out, "at most 8.5 copies", it.copiesPerDelivery() <= 8.5);
    }
    out.append("</p>\n");
  }

  private static void goal(StringBuilder out, String goal, boolean met) {
    out.append(
        f(
            "<span class=\"goal %s\">%s %s</span> ",
            met ? "met" : "missed", met ? "&#10003;" : "&#10007;", goal));
  }

  private static void tile(StringBuilder out, String value, String what) {
    out.append("<div class=\"tile\"><b>")
        .append(value)
        .append("</b><span>")
        .append(what)
        .append("</span></div>\n");
  }

  private static List<ArrivalPlot.Line> lines(Report.Spreading it) {
    List<ArrivalPlot.Line> lines = new ArrayList<>();
    lines.add(new ArrivalPlot.Line("own", "Tocsin", it.arrival()));
    lines.add(new ArrivalPlot.Line("bound", "lower bound", it.bound()));
    for (Report.Baseline other : it.baselines()) {
      lines.add(new ArrivalPlot.Line(other.key(), other.name(), other.arrival()));
    }
    return lines;
  }

  private static final String BOUND =
      "The grey line is the physical lower bound: the shortest way through the measured latencies,"
          + " whatever relays it takes.";

  private static void whoHasItWhen(String words, List<ArrivalPlot.Line> lines, StringBuilder out) {
    out.append("<h2>Who has it when</h2>\n<p>").append(words).append("</p>\n<figure>\n");
    keys(lines, out);
    out.append(new ArrivalPlot(lines).svg()).append("</figure>\n");
  }

  private static void keys(List<ArrivalPlot.Line> lines, StringBuilder out) {
    out.append("<p class=\"legend\">");
    lines.forEach(line -> key(line.style(), line.name(), out));
    out.append("</p>\n");
  }

  private static void key(String style, String name, StringBuilder out) {
    out.append(
        f("<span class=\"key\"><i class=\"stroke %s\"></i>%s</span> ", style, Svg.escaped(name)));
  }

  private static void comparison(Report.Spreading it, StringBuilder out) {
    out.append("<h2>At what price</h2>\n<p>A copy is a whole alert that arrives somewhere,")
        .append(" needed or not; one for each node is the least. Bytes count everything that was")
        .append(" sent meanwhile. The others write nothing to disk and check no signatures here,")
        .append(" which is in their favour; Tocsin&rsquo;s nodes do both before they pass anything")
        .append(" on.</p>\n<table>\n<tr><th></th><th>half</th><th>99 %</th><th>all</th>")
        .append("<th>never reached</th><th>copies</th><th>bytes</th></tr>\n");
    double mostCopies =
        Math.max(
            it.copiesPerDelivery(),
            it.baselines().stream()
                .mapToDouble(Report.Baseline::copiesPerDelivery)
                .max()
                .orElse(1));
    double mostBytes =
        Math.max(
            it.bytesPerDelivery(),
            it.baselines().stream().mapToDouble(Report.Baseline::bytesPerDelivery).max().orElse(1));
    row("bound", "lower bound", it.bound(), 0, f("<td class=\"n\">1</td><td></td>"), out);
    row(
        "own",
        "Tocsin",
        it.arrival(),
        it.missing(),
        bars("own", it.copiesPerDelivery(), mostCopies, it.bytesPerDelivery(), mostBytes),
        out);
    for (Report.Baseline other : it.baselines()) {
      row(
          other.key(),
          other.name(),
          other.arrival(),
          other.missing(),
          bars(
              other.key(),
              other.copiesPerDelivery(),
              mostCopies,
              other.bytesPerDelivery(),
              mostBytes),
          out);
    }
    out.append("</table>\n<ul class=\"notes\">\n");
    for (Report.Baseline other : it.baselines()) {
      out.append(
          f(
              "<li><b>%s</b>: %s.</li>\n",
              Svg.escaped(other.name()), Svg.escaped(other.specification())));
    }
    out.append("</ul>\n");
  }

  private static void row(
      String style,
      String name,
      Report.Curve curve,
      long missing,
      String price,
      StringBuilder out) {
    out.append(
        f(
            "<tr class=\"r-%s\"><th><i class=\"stroke %s\"></i>%s</th><td class=\"n\">%s</td>"
                + "<td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td>%s</tr>\n",
            style,
            style,
            Svg.escaped(name),
            Svg.time(curve.p50()),
            Svg.time(curve.p99()),
            Svg.time(curve.max()),
            missing == 0 ? "&ndash;" : Svg.count(missing),
            price));
  }

  private static String bars(
      String style, double copies, double mostCopies, double bytes, double mostBytes) {
    return bar(style, copies / mostCopies, Svg.times(copies))
        + bar(style, bytes / mostBytes, f("%.1f KiB", bytes / 1024));
  }

  private static String bar(String style, double share, String text) {
    return f(
        "<td><span class=\"bar fill-%s\" style=\"width:%dpx\"></span>%s</td>",
        style, Math.max(2, Math.round(60 * share)), text);
  }

  private static void world(Report.Spreading it, StringBuilder out) {
    WorldPicture picture = new WorldPicture(it.journey());
    Report.Journey journey = it.journey();
    String from =
        journey.stops().stream()
            .filter(stop -> stop.code().equals(journey.from()))
            .map(Report.Stop::name)
            .findFirst()
            .orElse(journey.from());
    out.append(
        f(
            "<h2>Around the world</h2>\n<p>The first of these alerts, raised in %s. A circle is a"
                + " country, as large as it has nodes, with the time in milliseconds at which half"
                + " of them had the alert.</p>\n<figure>\n",
            Svg.escaped(from)));
    out.append(picture.legend());
    out.append(picture.picture(WorldPicture.View.WORLD));
    out.append("</figure>\n<figure>\n");
    out.append(picture.picture(WorldPicture.View.EUROPE));
    out.append("<figcaption>Europe, larger.</figcaption>\n</figure>\n<div class=\"moments\">\n");
    for (double moment : moments(it.arrival().p99() * 1.2)) {
      out.append("<figure>")
          .append(picture.atMoment(moment, 280))
          .append(
              f(
                  "<figcaption><b>%s</b> %.0f %%</figcaption></figure>\n",
                  Svg.time(moment), Math.floor(100 * picture.shareBy(moment))));
    }
    out.append("</div>\n");
  }

  /// Six round times up to this one.
  private static double[] moments(double last) {
    double step = last <= 400 ? 25 : last <= 1_200 ? 100 : 500;
    double[] shares = {0.1, 0.25, 0.4, 0.55, 0.75, 1};
    double[] moments = new double[shares.length];
    for (int i = 0; i < shares.length; i++) {
      moments[i] = Math.max(step * (i + 1), Math.ceil(last * shares[i] / step) * step);
    }
    return moments;
  }

  private static void countries(Report.Journey journey, StringBuilder out) {
    out.append("<details><summary>Country by country</summary>\n<table>\n<tr><th>country</th>")
        .append("<th>nodes</th><th>first</th><th>half</th><th>all</th></tr>\n");
    journey.stops().stream()
        .sorted(java.util.Comparator.comparingDouble(Report.Stop::medianMillis))
        .forEach(stop ->
            out.append(
                f(
                    "<tr><th>%s</th><td class=\"n\">%s</td><td class=\"n\">%.0f ms</td>"
                        + "<td class=\"n\">%.0f ms</td><td class=\"n\">%.0f ms</td></tr>\n",
                    Svg.escaped(stop.name()),
                    Svg.count(stop.nodes()),
                    stop.firstMillis(),
                    stop.medianMillis(),
                    stop.lastMillis())));
    out.append("</table>\n</details>\n");
  }

  // ---- all other scenarios

  private static void plain(Report report, Origin origin, StringBuilder out) {
    out.append("<h1>It ended well</h1>\n<p class=\"lead\">")
        .append(Svg.escaped(capital(origin.summary())))
        .append(". What must never be wrong was checked after every step, what must be true in the")
        .append(" end at the end; everything held.</p>\n<table>\n");
    for (Map.Entry<String, Object> figure : report.figures().entrySet()) {
      out.append(
          f(
              "<tr><th>%s</th><td>%s</td></tr>\n",
              Svg.escaped(figure.getKey().replace('_', ' ')),
              Svg.escaped(String.valueOf(figure.getValue()))));
    }
    out.append("</table>\n");
  }

  private static void arrivals(Report.Findings it, StringBuilder out) {
    if (it.arrivals().isEmpty()) {
      return;
    }
    List<ArrivalPlot.Line> lines = new ArrayList<>();
    for (Report.Arrival arrival : it.arrivals()) {
      // On top, and marked, is how it is in the end.
      int place = arrival.key().equals("own") ? 0 : lines.size();
      lines.add(place, new ArrivalPlot.Line(arrival.key(), arrival.name(), arrival.curve()));
    }
    boolean bounded = it.arrivals().stream().anyMatch(arrival -> arrival.key().equals("bound"));
    whoHasItWhen(
        bounded
            ? "Each line shows how many have a statement at a time after it was handed in. " + BOUND
            : "All that was said meanwhile, from its first node on, whatever was broken then: how"
                + " many had it at which time.",
        lines,
        out);
  }

  private static void story(Report.BadDay it, StringBuilder out) {
    out.append("<h2>Who is sent to the hijacker</h2>\n<p>Customers ask each resolver about once a")
        .append(" second; a step is the share of their answers in five seconds that was the")
        .append(
            " hijacker&rsquo;s. Beside each resolver one without a node is asked the same: after")
        .append(" the owner has the domain back, what those have cached goes on for up to ")
        .append(f("%.1f hours.</p>\n<figure>\n<p class=\"legend\">", it.tailWithoutHours()));
    key("own", "beside a node", out);
    key("without", "without", out);
    out.append("</p>\n").append(new StoryPlot(it.story()).svg()).append("</figure>\n");
  }

  private static String capital(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static void provenance(Report report, Origin origin, StringBuilder out) {
    out.append("<h2>What was simulated</h2>\n<p>")
        .append(Svg.count(report.nodes()))
        .append(" nodes, each running the program&rsquo;s real protocol core, in virtual time: ")
        .append(Svg.count(report.virtualMillis() / 1_000))
        .append(" seconds of it, ")
        .append(Svg.count(report.events()))
        .append(" events and effects.");
    if (report instanceof Report.Spreading it) {
      out.append(" Conditions: ").append(Svg.escaped(it.conditions())).append('.');
    }
    out.append(" The same seed gives the same run: whoever repeats it finds the same trace.</p>\n")
        .append("<table class=\"origin\">\n");
    fact("made again by", "<code>" + Svg.escaped(origin.command()) + "</code>", out);
    fact("seed", String.valueOf(report.seed()), out);
    fact("trace", "<code>" + report.trace() + "</code>", out);
    fact("commit", "<code>" + Svg.escaped(origin.commit()) + "</code>", out);
    out.append("</table>\n<p class=\"small\">Latencies: RIPE Atlas, aggregated by country pair.")
        .append(" Coasts: Natural Earth. Places: The World Factbook.</p>\n");
  }

  private static void fact(String name, String value, StringBuilder out) {
    out.append(f("<tr><th>%s</th><td>%s</td></tr>\n", name, value));
  }

  private static final String STYLE =
      """
      :root { color-scheme: light dark;
        --paper: #fbfaf6; --card: #ffffff; --ink: #1c2330; --soft: #5d6678; --rule: #e3e0d8;
        --own: #c8401a; --bound: #8b93a3; --gossipsub: #2f6fd0; --flooding: #1d8a74;
        --memberlist: #8a5bd0; --land: #ebe7dc; --halo: #fbfaf6;
        --t0: #b3280a; --t1: #e0602a; --t2: #eb9a4c; --t3: #7fa7b8; --t4: #4a7aa3; --t5: #2b4c80; }
      @media (prefers-color-scheme: dark) { :root {
        --paper: #11141a; --card: #181c24; --ink: #e8eaf0; --soft: #98a1b3; --rule: #2a303c;
        --own: #ff7d4d; --bound: #7d8698; --gossipsub: #6ea5f5; --flooding: #49c2a6;
        --memberlist: #b394f0; --land: #202632; --halo: #11141a;
        --t0: #ff6a3c; --t1: #f78f56; --t2: #f0b878; --t3: #9cc0d0; --t4: #6d9cc8; --t5: #4a70ad; } }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--paper); color: var(--ink);
        font: 17px/1.55 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
      main { max-width: 920px; margin: 0 auto; padding: 56px 20px 72px; }
      .over { color: var(--soft); letter-spacing: .04em; margin: 0 0 10px; font-size: 15px; }
      h1 { font-size: clamp(34px, 6vw, 54px); line-height: 1.08; letter-spacing: -.02em;
        margin: 0 0 18px; font-weight: 680; text-wrap: balance; }
      h1 em { color: var(--own); font-style: normal; white-space: nowrap; }
      h2 { font-size: 26px; letter-spacing: -.01em; margin: 60px 0 6px; font-weight: 640; }
      p { max-width: 70ch; margin: 0 0 14px; }
      .lead { font-size: 20px; line-height: 1.5; color: var(--ink); }
      .small, .notes, figcaption { color: var(--soft); font-size: 14.5px; }
      .notes { padding-left: 18px; max-width: 76ch; }
      .tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; margin: 30px 0 0;
        background: var(--rule); border: 1px solid var(--rule); border-radius: 12px; overflow: hidden; }
      .goals { margin: 16px 0 0; max-width: none; color: var(--soft); font-size: 15px; }
      .goal { white-space: nowrap; margin-right: 14px; }
      .goal.met { color: var(--flooding); } .goal.missed { color: var(--own); }
      .tile { background: var(--card); padding: 18px 20px; }
      .tile b { display: block; font-size: 30px; line-height: 1.15; font-weight: 660;
        letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
      .tile span { color: var(--soft); font-size: 14.5px; }
      @media (max-width: 640px) { .tiles { grid-template-columns: repeat(2, 1fr); } }
      figure { margin: 18px 0 0; }
      svg { display: block; width: 100%; height: auto; }
      .map { overflow: hidden; border-radius: 10px; } .map.small { border-radius: 6px; }
      .grid { stroke: var(--rule); stroke-width: 1; }
      .axis { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
      .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
      .line.own { stroke: var(--own); stroke-width: 4; }
      .line.bound { stroke: var(--bound); stroke-dasharray: 2 6; stroke-width: 3; }
      .line.before { stroke: var(--gossipsub); }
      .line.victim { stroke: var(--memberlist); }
      .line.gossipsub { stroke: var(--gossipsub); }
      .line.flooding { stroke: var(--flooding); }
      .line.memberlist { stroke: var(--memberlist); }
      .area.own { fill: var(--own); } .area.without { fill: var(--bound); fill-opacity: .35; }
      .mark { stroke: var(--own); stroke-width: 1; stroke-dasharray: 3 4; }
      .dot { fill: var(--own); stroke: var(--halo); stroke-width: 2; }
      .tag { fill: var(--own); font-size: 15px; font-weight: 600; paint-order: stroke;
        stroke: var(--halo); stroke-width: 4px; }
      .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--soft); font-size: 14.5px;
        margin: 0 0 10px; max-width: none; }
      .key { white-space: nowrap; color: var(--ink); }
      .key i { display: inline-block; width: 12px; height: 12px; border-radius: 50%;
        margin-right: 6px; vertical-align: -1px; }
      i.stroke { display: inline-block; width: 18px; height: 4px; border-radius: 2px;
        margin-right: 8px; vertical-align: 4px; }
      i.own, .fill-own { background: var(--own); }
      i.bound, .fill-bound { background: var(--bound); }
      i.without { background: var(--bound); opacity: .5; }
      i.before { background: var(--gossipsub); } i.victim { background: var(--memberlist); }
      i.gossipsub, .fill-gossipsub { background: var(--gossipsub); }
      i.flooding, .fill-flooding { background: var(--flooding); }
      i.memberlist, .fill-memberlist { background: var(--memberlist); }
      i.t0 { background: var(--t0); } i.t1 { background: var(--t1); } i.t2 { background: var(--t2); }
      i.t3 { background: var(--t3); } i.t4 { background: var(--t4); } i.t5 { background: var(--t5); }
      table { border-collapse: collapse; width: 100%; margin: 16px 0; font-size: 15.5px;
        font-variant-numeric: tabular-nums; }
      th, td { text-align: left; padding: 9px 12px 9px 0; border-bottom: 1px solid var(--rule);
        vertical-align: baseline; }
      th { font-weight: 500; white-space: nowrap; } tr:first-child th { color: var(--soft); }
      td { white-space: nowrap; } .origin td { white-space: normal; }
      .r-own th, .r-own td { font-weight: 660; }
      .bar { display: inline-block; height: 10px; border-radius: 3px; margin-right: 8px; }
      .map .land { fill: var(--land); }
      .stop { fill-opacity: .88; stroke: var(--halo); stroke-width: 1.2; }
      .t0 { fill: var(--t0); } .t1 { fill: var(--t1); } .t2 { fill: var(--t2); }
      .t3 { fill: var(--t3); } .t4 { fill: var(--t4); } .t5 { fill: var(--t5); }
      .way { fill: none; stroke-width: 1.1; stroke-opacity: .38; }
      .s0 { stroke: var(--t0); } .s1 { stroke: var(--t1); } .s2 { stroke: var(--t2); }
      .s3 { stroke: var(--t3); } .s4 { stroke: var(--t4); } .s5 { stroke: var(--t5); }
      svg circle.origin { fill: none; stroke: var(--own); stroke-width: 2.5; }
      .place { font-size: 12px; fill: var(--ink); paint-order: stroke; stroke: var(--halo);
        stroke-width: 3px; font-variant-numeric: tabular-nums; }
      .empty { fill: none; stroke: var(--bound); stroke-width: .8; } .full { fill: var(--own); }
      .moments { display: grid; grid-template-columns: repeat(3, 1fr); gap: 14px 20px; margin-top: 26px; }
      .moments figure { margin: 0; }
      @media (max-width: 640px) { .moments { grid-template-columns: 1fr; } }
      figcaption { margin-top: 4px; } figcaption b { color: var(--ink); }
      details { margin-top: 26px; } summary { cursor: pointer; color: var(--soft); }
      code { font: 13.5px/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; word-break: break-all; }
      table.origin th { color: var(--soft); }
      """;
}
