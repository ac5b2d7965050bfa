package tocsin.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A noun: it does nothing by itself but tell its verbs.
abstract class Group implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public final void run() {
    if (spec != null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "\"" + spec.qualifiedName() + "\" needs a verb");
    }
  }
}
