package tocsin.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// One command. Its fields are its flags; what it does is [#run(Session)].
abstract class Action implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Override
  public final Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("a command runs from the command line only");
    }
    try (Session session = ((Tocsin) spec.root().userObject()).session()) {
      return run(session).number();
    }
  }

  abstract ExitCode run(Session session) throws Failure, InterruptedException;
}
