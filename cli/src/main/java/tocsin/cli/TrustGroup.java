package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "trust",
    subcommands = {
      AnchorGroup.class,
      TrustVouch.class,
      TrustWithdraw.class,
      TrustRevoke.class,
      TrustList.class,
      TrustExplain.class,
      TrustGraphCommand.class,
      TrustSimulate.class
    },
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  tocsin trust anchor add \"$(cat vetting.card)\" --as vetting",
      "  tocsin trust vouch \"$(cat isp.card)\" --role submitter --scope bank.test",
      "  tocsin trust explain 3f9a17c2"
    })
final class TrustGroup extends Group {}
