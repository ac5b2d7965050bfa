package tocsin.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.proto.GetLogStatusRequest;
import tocsin.storage.LogEntry;
import tocsin.storage.LogExport;
import tocsin.storage.LogId;
import tocsin.storage.SignedNote;
import tocsin.trust.PublicKey;

@Command(
    name = "export",
    description = {
      "Write the log to one file: its statements in order and its newest checkpoint. For an air gap",
      "(`log import`), or to be checked elsewhere (`log verify FILE`). Also of a stopped node."
    },
    footer = {"", "Examples:", "  tocsin log export log.tocsin"})
final class LogExportFile extends Action {
  @Parameters(paramLabel = "FILE", description = "Must not exist yet.")
  Path file = Path.of("");

  @Override
  ExitCode run(Session session) throws Failure {
    if (Files.exists(file)) {
      throw Failure.usage(file + " is there already");
    }
    Path draft = file.resolveSibling(file.getFileName() + ".part");
    long size;
    try (OutputStream out = Files.newOutputStream(draft)) {
      size = session.nodeRuns() ? running(session, out) : stopped(session, out);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + draft).causedBy(e);
    }
    session.endProgress();
    try {
      Files.move(draft, file);
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + file).causedBy(e);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.log-export/v1");
    fields.put("size", size);
    fields.put("file", file.toString());
    session
        .output()
        .one(
            fields,
            () ->
                "%d statements in %s; %s log verify %s"
                    .formatted(size, file, session.world().program(), file));
    return ExitCode.OK;
  }

  private static PublicKey nodeKey(Session session) throws Failure {
    try {
      return KeyFiles.read(session.folder().key("node"), Optional.empty()).publicKey();
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.HALTED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private static LogExport.Header header(
      Session session, ByteString log, long size, String checkpoint) throws Failure {
    boolean signed = !checkpoint.isEmpty();
    return new LogExport.Header(
        new LogId(log),
        size,
        signed ? Optional.of(nodeKey(session)) : Optional.empty(),
        signed
            ? Optional.of(SignedNote.parse(ByteString.copyFromUtf8(checkpoint)))
            : Optional.empty());
  }

  private static long running(Session session, OutputStream out) throws Failure, IOException {
    var status =
        session.node().call(node -> node.getLogStatus(GetLogStatusRequest.getDefaultInstance()));
    long size = status.getSize();
    LogExport.Header header = header(session, status.getLogId(), size, status.getCheckpoint());
    Failure[] failed = new Failure[1];
    LogExport.write(
        out,
        header,
        visitor -> {
          try {
            LogPages.<IOException>each(
                session,
                entry -> {
                  if (entry.getIndex() < size) {
                    visitor.statement(
                        entry.getIndex(),
                        entry.getFirstSeenMillis(),
                        entry.getEnvelope().toByteString());
                    told(session, entry.getIndex() + 1, size);
                  }
                });
          } catch (Failure e) {
            failed[0] = e;
          }
        });
    if (failed[0] != null) {
      throw failed[0];
    }
    return size;
  }

  private static long stopped(Session session, OutputStream out) throws Failure, IOException {
    PublicKey key = nodeKey(session);
    IOException[] failed = new IOException[1];
    long size =
        StoppedLog.read(
            session.folder(),
            log -> {
              Optional<SignedNote> note = StoppedLog.checkpoint(log);
              LogExport.Header header =
                  new LogExport.Header(log.id(), log.size(), note.map(_ -> key), note);
              try {
                LogExport.write(
                    out,
                    header,
                    visitor -> {
                      for (long next = 0; next < log.size(); ) {
                        for (LogEntry entry : log.scan(next, 1_000)) {
                          visitor.statement(
                              entry.index(), entry.firstSeenMillis(), entry.envelope().wire());
                          next = entry.index() + 1;
                        }
                        told(session, next, log.size());
                      }
                    });
              } catch (IOException e) {
                failed[0] = e;
              }
              return log.size();
            });
    if (failed[0] != null) {
      throw failed[0];
    }
    return size;
  }

  static void told(Session session, long done, long all) {
    session.progress(Progress.line("statements", done, all));
  }
}
