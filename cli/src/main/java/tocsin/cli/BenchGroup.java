package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "bench",
    subcommands = {
      BenchNetwork.class,
      BenchGossip.class,
      BenchReaders.class,
      BenchLog.class,
      BenchTrust.class,
      BenchDns.class,
      BenchResolvers.class,
      BenchStart.class,
      BenchNewcomer.class
    },
    synopsisSubcommandLabel = "NAME",
    footer = {
      "",
      "Figures are of this machine, as busy as it is now.",
      "",
      "Examples:",
      "  tocsin bench network --alerts 200",
      "  tocsin bench gossip --nodes 30 --rate 20",
      "  tocsin bench readers --minutes 10",
      "  tocsin bench log --statements 1000000 --on /var/lib/tocsin",
      "  tocsin bench trust --organizations 10000 --vouches 100000",
      "  tocsin bench dns --entries 100000",
      "  tocsin bench resolvers",
      "  tocsin bench start --statements 1000000",
      "  tocsin bench newcomer --statements 100000"
    })
final class BenchGroup extends Group {}
