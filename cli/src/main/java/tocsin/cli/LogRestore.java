package tocsin.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogCopies;
import tocsin.storage.LogFailure;

@Command(
    name = "restore",
    description = {
      "Put a backup in the place of a stopped node's log. It goes on as a new log with an id of its",
      "own, so that the node never signs backwards; what it missed comes from its peers."
    },
    footer = {"", "Examples:", "  tocsin log restore /backup/tocsin-monday"})
final class LogRestore extends Action {
  @Parameters(paramLabel = "FOLDER", description = "What `log backup` wrote.")
  Path backup = Path.of("");

  @Override
  ExitCode run(Session session) throws Failure {
    if (session.nodeRuns()) {
      throw new Failure(ExitCode.FAILED, "the node runs").tryThis("stop it first");
    }
    try {
      long size = LogCopies.restore(backup, session.folder().data(), EnvelopeDecoder.SIGNED);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.log-restore/v1");
      fields.put("size", size);
      session
          .output()
          .one(
              fields,
              () ->
                  size
                      + " statements restored as a new log\nnext: "
                      + session.command("run")
                      + "\n");
      return ExitCode.OK;
    } catch (LogFailure e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
