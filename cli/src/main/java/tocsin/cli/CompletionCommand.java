package tocsin.cli;

import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Print a completion script for bash, zsh or fish.",
    footer = {
      "",
      "Examples:",
      "  source <(tocsin completion bash)",
      "  tocsin completion fish | source"
    })
final class CompletionCommand extends Action {
  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      description = "bash, zsh or fish (default: bash).")
  String shell = "bash";

  @Override
  ExitCode run(Session session) throws Failure {
    CommandLine program = Main.commandLine(session.world(), Optional.empty());
    session
        .output()
        .text(
            switch (shell) {
              case "bash", "zsh" -> AutoComplete.bash("tocsin", program);
              case "fish" -> FishCompletion.of(program.getCommandSpec());
              default ->
                  throw Failure.usage(
                      "there is completion for bash, zsh and fish, not for " + shell);
            });
    return ExitCode.OK;
  }
}
