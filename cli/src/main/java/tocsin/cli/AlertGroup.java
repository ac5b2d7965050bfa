package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "alert",
    subcommands = {
      AlertOverride.class,
      AlertFlush.class,
      AlertUpdate.class,
      AlertRenew.class,
      AlertResolve.class,
      AlertEndorse.class,
      AlertDispute.class,
      AlertRecall.class,
      AlertApprove.class,
      AlertSubmit.class,
      AlertList.class,
      AlertShow.class
    },
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  tocsin alert override www.bank.test --record \"A 192.0.2.10\" --wait applied:100%%",
      "  tocsin alert endorse 3f9a17c2",
      "  tocsin alert list"
    })
final class AlertGroup extends Group {}
