package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "org",
    subcommands = {OrgShow.class, OrgCard.class, OrgList.class, OrgProfile.class, OrgAlias.class},
    synopsisSubcommandLabel = "VERB",
    footer = {"", "Examples:", "  tocsin org card > isp-1.card", "  tocsin org list"})
final class OrgGroup extends Group {}
