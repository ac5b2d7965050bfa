package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "log",
    subcommands = {LogStatus.class, LogVerify.class, LogShow.class},
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin log verify", "  tocsin log show --refused"})
final class LogGroup extends Group {}
