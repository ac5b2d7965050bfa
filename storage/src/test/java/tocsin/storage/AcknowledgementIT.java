package tocsin.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  private static final Pattern PATH = Pattern.compile("^\\d+<([^>]*)>");

  @TempDir private Path folder;

  @Test
  void syncsTheLogBeforeEachAcknowledgement() throws Exception {
    SystemCalls.requireStrace();
    Path calls = folder.resolve("calls");
    Path log = folder.resolve("log");
    List<String> strace = SystemCalls.strace(calls, "write,fdatasync,fsync");
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

  /// What completed, in order: an acknowledgement, a sync of one of the two files.
  private static List<String> events(Path calls) throws IOException {
    List<String> events = new ArrayList<>();
    SystemCalls.read(calls).forEach(call -> completed(call.name(), call.rest(), events));
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
