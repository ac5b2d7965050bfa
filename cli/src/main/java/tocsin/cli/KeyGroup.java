package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "key",
    subcommands = {
      KeyList.class,
      KeyNew.class,
      KeyRotate.class,
      KeyRevoke.class,
      KeySign.class,
      KeySubmit.class
    },
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin key list", "  tocsin key new laptop --use endorse"})
final class KeyGroup extends Group {}
