package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "name",
    subcommands = {NameRegister.class, NameList.class},
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  tocsin name register bank.test --record \"A 192.0.2.10\" --endorsements 1",
      "  tocsin name list"
    })
final class NameGroup extends Group {}
