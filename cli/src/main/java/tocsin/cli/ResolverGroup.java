package tocsin.cli;

import picocli.CommandLine.Command;

@Command(
    name = "resolver",
    subcommands = {
      ResolverList.class,
      ResolverTest.class,
      ResolverFlush.class,
      ResolverClear.class,
      ResolverStanza.class
    },
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Examples:",
      "  tocsin resolver test",
      "  tocsin resolver flush www.bank.test",
      "  tocsin resolver stanza bind"
    })
final class ResolverGroup extends Group {}
