package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watches the system calls of a process that appends: before it acknowledges a commit, an
/// fdatasync of the write-ahead log has come back without error, and after it one of the head
/// anchor. Without this, a lost power supply could take what was acknowledged; a kill cannot show
/// it.
class AcknowledgementIT {
  private static final int COMMITS = 15;
  private static final String WAL = "synced write-ahead log";
  private static final String ANCHOR = "synced head anchor";
  private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");
  private static final Pattern RESUMED =
      Pattern.compile("^(\\d+) +<\\.\\.\\. (\\w+) resumed>(.*)$");
  private static final Pattern PATH = Pattern.compile("^\\d+<([^>]*)>");

  @TempDir private Path folder;

  @Test
  void syncsTheLogBeforeEachAcknowledgement() throws Exception {
    requireStrace();
    Path calls = folder.resolve("calls");
    Path log = folder.resolve("log");
    List<String> strace =
        List.of(
            "strace",
            "-f",
            "-y",
            "-qq",
            "-e",
            "trace=write,fdatasync,fsync",
            "-e",
            "signal=none",
            "-o",
            calls.toString());
    Process process =
        AppendingProcess.start(strace, log, COMMITS)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("output"))).isZero();

    List<String> events = events(calls);
    assertThat(events.stream().filter(event -> event.startsWith("ack"))).hasSize(COMMITS);
    List<String> since = new ArrayList<>();
    for (String event : events) {
      if (event.startsWith("ack")) {
        assertThat(since).as("synced before %s", event).contains(WAL);
        assertThat(since.getLast()).as("synced last before %s", event).isEqualTo(ANCHOR);
        since.clear();
      } else {
        since.add(event);
      }
    }
  }

  private static void requireStrace() throws IOException, InterruptedException {
    boolean works;
    try {
      Process process = new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true").start();
      works = process.waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    RequiredProgram.check("strace", works);
  }

  /// What completed, in order: an acknowledgement, a sync of one of the two files.
  private static List<String> events(Path calls) throws IOException {
    List<String> events = new ArrayList<>();
    Map<String, String> unfinished = new TreeMap<>();
    for (String line : Files.readAllLines(calls)) {
      Matcher call = CALL.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      if (call.matches() && line.endsWith("<unfinished ...>")) {
        unfinished.put(call.group(1) + call.group(2), call.group(3));
      } else if (call.matches()) {
        completed(call.group(2), call.group(3), events);
      } else if (resumed.matches()) {
        String begun = unfinished.remove(resumed.group(1) + resumed.group(2));
        assertThat(begun).as(line).isNotNull();
        completed(resumed.group(2), begun + resumed.group(3), events);
      }
    }
    return events;
  }

  private static void completed(String call, String rest, List<String> events) {
    Matcher path = PATH.matcher(rest);
    boolean sync = call.equals("fdatasync") || call.equals("fsync");
    if (!path.find()) {
      return;
    }
    if (call.equals("write") && rest.contains("\"ack ")) {
      events.add(rest.substring(rest.indexOf("ack ")));
    } else if (sync && rest.endsWith("= 0") && path.group(1).endsWith("/" + HeadAnchor.FILE)) {
      events.add(ANCHOR);
    } else if (sync && rest.endsWith("= 0") && path.group(1).matches(".*/statements/\\d+\\.log")) {
      events.add(WAL);
    }
  }
}
