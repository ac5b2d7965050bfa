package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "anchor",
    description = "The organizations from which this node starts to trust.",
    subcommands = {AnchorAdd.class, AnchorRemove.class, AnchorList.class},
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin trust anchor list"})
final class AnchorGroup extends Group {}
