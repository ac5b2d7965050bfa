package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "peer",
    subcommands = {PeerList.class, PeerAdd.class, PeerRemove.class},
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin peer add node.example.net:7353", "  tocsin peer list"})
final class PeerGroup extends Group {}
