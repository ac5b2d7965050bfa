package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "log",
    subcommands = {
      LogStatus.class,
      LogVerify.class,
      LogShow.class,
      LogProve.class,
      LogCheckProof.class,
      LogExportFile.class,
      LogImport.class,
      LogBackup.class,
      LogRestore.class,
      LogRepair.class
    },
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  tocsin log verify",
      "  tocsin log show --refused",
      "  tocsin log export log.tocsin"
    })
final class LogGroup extends Group {}
