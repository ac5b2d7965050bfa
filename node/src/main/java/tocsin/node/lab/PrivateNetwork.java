package tocsin.node.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A user and network namespace of one's own (user_namespaces(7), network_namespaces(7)), where the
/// system lets anybody make one: inside, a process may bind port 53 of a loopback that nobody else
/// sees, and needs no root for it. This way real resolvers can live in a [LabInternet] started by
/// an ordinary user.
public final class PrivateNetwork {
  /// Brings loopback up, whichever tool there is, then becomes the command that follows.
  private static final String SCRIPT =
      "PATH=\"$PATH:/usr/sbin:/sbin\"; ip link set lo up 2>/dev/null || ifconfig lo up || exit 97; exec \"$@\"";

  private static final List<String> PREFIX =
      List.of("unshare", "--user", "--map-root-user", "--net", "--", "sh", "-c", SCRIPT, "sh");

  private PrivateNetwork() {}

  /// The words to put before a command so that it runs in a private network. Tried out first.
  ///
  /// @return empty where the system does not allow it, or has no `unshare` (util-linux) or neither
  ///   `ip` nor `ifconfig`
  public static Optional<List<String>> prefix() {
    List<String> trial = new ArrayList<>(PREFIX);
    trial.add("true");
    try {
      Process process =
          new ProcessBuilder(trial)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(LabLimits.PROCESS_START.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue() == 0 ? Optional.of(PREFIX) : Optional.empty();
      }
      process.destroyForcibly();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
