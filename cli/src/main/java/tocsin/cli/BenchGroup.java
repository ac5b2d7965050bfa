package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "bench",
    subcommands = {BenchNetwork.class, BenchGossip.class, BenchLog.class},
    synopsisSubcommandLabel = "NAME",
    footer = {
      "",
      "Figures are of this machine, as busy as it is now.",
      "",
      "Examples:",
      "  tocsin bench network --alerts 200",
      "  tocsin bench gossip --nodes 30 --rate 20"
    })
final class BenchGroup extends Group {}
