package tocsin.cli;

import picocli.CommandLine.Command;

@Command(name = "demo", description = "Replay the hijack of CheckFree in 2008 on this machine.")
final class DemoCommand extends Action {
  @Override
  ExitCode run(Session session) throws Failure {
    throw new Failure(ExitCode.FAILED, "the demonstration is not built yet");
  }
}
