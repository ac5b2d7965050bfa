package tocsin.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tocsin.cli.demo.Folder;

/// Makes the folder of a node with a large log and starts the node on it several times.
final class StartBench {
  private final Session session;
  private final BenchNode node;

  private StartBench(Session session, BenchNode node) {
    this.session = session;
    this.node = node;
  }

  /// @param on a folder inside it is made and deleted
  static Map<String, Object> run(Session session, Path on, int statements, int starts)
      throws IOException, InterruptedException, Failure {
    String program = BenchNode.program(session, "tocsin bench start");
    try (Folder inside = Folder.in(on, "tocsin-bench-")) {
      BenchNode node = BenchNode.found(inside.path().resolve("node"), program, "bench", List.of());
      LargeLog _ = node.fill(session, statements);
      return new StartBench(session, node).measure(statements, starts);
    }
  }

  private Map<String, Object> measure(int statements, int starts)
      throws IOException, InterruptedException, Failure {
    List<Long> millis = new ArrayList<>();
    List<Long> resident = new ArrayList<>();
    List<Long> most = new ArrayList<>();
    for (int number = 1; number <= starts; number++) {
      session.progress("start " + number + " of " + starts);
      try (BenchNode.Started started = node.start()) {
        millis.add(started.millisToReady());
        resident.add(started.megabytes("VmRSS"));
        most.add(started.megabytes("VmHWM"));
        String answer = node.command("log", "status", "-o", "json");
        if (!answer.contains("\"size\" : " + statements + ",")) {
          throw new Failure(ExitCode.FAILED, "the node holds another log: " + answer);
        }
        started.stop();
      }
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("processors", Runtime.getRuntime().availableProcessors());
    figures.put("statements", statements);
    figures.put("start_to_ready_millis", millis);
    figures.put("resident_mb_when_ready", resident);
    figures.put("resident_mb_at_most", most);
    return figures;
  }
}
