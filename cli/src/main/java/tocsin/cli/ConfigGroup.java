package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "config",
    subcommands = {ConfigCheck.class, ConfigShow.class},
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin config check", "  tocsin config show --origin"})
final class ConfigGroup extends Group {}
