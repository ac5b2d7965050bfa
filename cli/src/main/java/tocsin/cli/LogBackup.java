package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.BackupLogRequest;

@Command(
    name = "backup",
    description = {
      "Copy the log of the running node into a folder, and read the copy back. No key is in it;",
      "keep the folder keys/ apart. The node goes on meanwhile."
    },
    footer = {"", "Examples:", "  tocsin log backup /backup/tocsin-monday"})
final class LogBackup extends Action {
  @Parameters(paramLabel = "FOLDER", description = "Missing or empty.")
  Path target = Path.of("");

  @Override
  ExitCode run(Session session) throws Failure {
    if (!session.nodeRuns()) {
      throw new Failure(ExitCode.UNREACHABLE, "the node does not run")
          .because("a stopped node's folder data/ can be copied as it is")
          .tryThis("cp -a " + session.folder().data() + " " + target);
    }
    if (Files.exists(target.resolve("statements"))) {
      throw Failure.usage("there is a backup in " + target + " already");
    }
    BackupLogRequest request =
        BackupLogRequest.newBuilder().setFolder(target.toAbsolutePath().toString()).build();
    session.progress("the node copies its log");
    var copied = LogReadings.await(session, node -> node.backupLog(request));
    return LogShown.tellCopied(session, LogShown.of(copied), target);
  }
}
