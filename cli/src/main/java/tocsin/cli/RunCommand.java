package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.node.Node;
import tocsin.node.NodeFailure;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.NodeConfig;

@Command(
    name = "run",
    description = "Run the node in the foreground, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "It writes the line \"ready\" to standard error once DNS, gossip and control are served.",
      "SIGHUP makes it read its configuration again: policy, resolvers, bootstrap, also-notify and",
      "log level change at once, of the rest it says what waits for a restart; if anything is wrong,",
      "it says so and goes on as before. SIGTERM ends it in good order.",
      "",
      "Examples:",
      "  tocsin run",
      "  tocsin run --mode shadow",
      "  kill -HUP 4242            # the node's process, after a change of its tocsin.toml",
      "  tocsin run --dir /var/lib/tocsin --set log.level=debug"
    })
final class RunCommand extends Action {
  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "enforce, shadow or observe, whatever the configuration says.")
  NodeConfig.@Nullable Mode mode;

  @Mixin Settings settings = new Settings();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Map<String, String> values = new LinkedHashMap<>(settings.values);
    if (mode != null) {
      values.put("node.mode", mode.toString());
    }
    ConfigFile.Loaded loaded = session.loaded(values);
    loaded.warnings().forEach(warning -> session.tell("warning: " + warning));
    Logs.configure(loaded.config().log().level());
    return serve(session, values, loaded.config());
  }

  /// Reads the configuration again; the old one stays if anything is wrong with it.
  private static void reload(Session session, Map<String, String> values, Node node) {
    String kept = "error: the configuration is not taken up, the old one stays: ";
    try {
      ConfigFile.Loaded loaded = session.loaded(values);
      List<String> needRestart = node.reconfigure(loaded.config());
      Logs.configure(loaded.config().log().level());
      loaded.warnings().forEach(warning -> session.tell("warning: " + warning));
      session.tell("the configuration was read again and is in force");
      if (!needRestart.isEmpty()) {
        session.tell("warning: a restart is needed for " + String.join(", ", needRestart));
      }
    } catch (Failure e) {
      session.tell(kept + e.whole());
    } catch (NodeFailure e) {
      session.tell(kept + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ExitCode serve(Session session, Map<String, String> values, NodeConfig config)
      throws Failure, InterruptedException {
    try (Node node = Node.open(config)) {
      Thread drain = new Thread(node::close, "drain");
      Runtime.getRuntime().addShutdownHook(drain);
      if (node.start()) {
        FrugalHeap.begin();
        Hangup.handle(() -> reload(session, values, node));
        session.tell("ready");
      }
      Optional<String> halted = node.awaitTermination();
      if (halted.isPresent()) {
        throw new Failure(ExitCode.HALTED, "the node has halted: " + halted.get());
      }
      return ExitCode.OK;
    } catch (NodeFailure e) {
      throw new Failure(ExitCode.HALTED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
