package tocsin.cli;

import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Print a completion script for bash or zsh.",
    footer = {"", "Examples:", "  source <(tocsin completion bash)"})
final class CompletionCommand extends Action {
  @Parameters(paramLabel = "SHELL", arity = "0..1", description = "bash or zsh (default: bash).")
  String shell = "bash";

  @Override
  ExitCode run(Session session) throws Failure {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw Failure.usage("there is completion for bash and zsh, not for " + shell);
    }
    String script =
        AutoComplete.bash("tocsin", Main.commandLine(session.world(), Optional.empty()));
    session.output().text(script);
    return ExitCode.OK;
  }
}
