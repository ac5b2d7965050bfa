package tocsin.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import tocsin.node.config.NodeConfig;

/// What the libraries and the node write to standard error while they work.
final class Logs {
  private Logs() {}

  /// Our own lines from this level on; libraries only when something is wrong.
  static void configure(NodeConfig.Level level) {
    if (LoggerFactory.getLogger("tocsin") instanceof Logger logger) {
      logger.setLevel(
          switch (level) {
            case ERROR -> Level.ERROR;
            case WARN -> Level.WARN;
            case INFO -> Level.INFO;
            case DEBUG -> Level.DEBUG;
          });
    }
  }
}
