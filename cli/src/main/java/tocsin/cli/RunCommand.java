package tocsin.cli;

import java.util.LinkedHashMap;
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
      "",
      "Examples:",
      "  tocsin run",
      "  tocsin run --mode shadow",
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
    return serve(session, loaded.config());
  }

  private static ExitCode serve(Session session, NodeConfig config)
      throws Failure, InterruptedException {
    try (Node node = Node.open(config)) {
      Thread drain = new Thread(node::close, "drain");
      Runtime.getRuntime().addShutdownHook(drain);
      node.start();
      session.tell("ready");
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
