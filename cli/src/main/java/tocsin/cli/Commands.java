package tocsin.cli;

import java.util.List;
import java.util.function.Supplier;

/// The first words of the command line. Only the one that is called is made, so that help and the
/// daily commands start fast.
enum Commands {
  DEMO("demo", "Replay the hijack of CheckFree in 2008 on this machine.", DemoCommand::new),
  INIT("init", "Make the keys and the configuration of a new node.", InitCommand::new),
  RUN("run", "Run the node in the foreground.", RunCommand::new),
  STATUS("status", "How the node is.", StatusCommand::new),
  WHY("why", "Why resolvers answer for a name as they do.", WhyCommand::new),
  ALERT("alert", "Raise, endorse, recall and see alerts.", AlertGroup::new),
  TRUST("trust", "Anchors, vouches, revocations, and what follows from them.", TrustGroup::new),
  ORG("org", "Organizations, and the card that introduces one.", OrgGroup::new),
  KEY("key", "The keys of this organization.", KeyGroup::new),
  PEER("peer", "Other nodes.", PeerGroup::new),
  RESOLVER("resolver", "The resolvers beside this node.", ResolverGroup::new),
  LOG("log", "The log of statements.", LogGroup::new),
  CONFIG("config", "Check and show the configuration.", ConfigGroup::new),
  COMPLETION("completion", "Print a completion script for bash or zsh.", CompletionCommand::new);

  private final String word;
  private final String summary;
  private final Supplier<Object> maker;

  Commands(String word, String summary, Supplier<Object> maker) {
    this.word = word;
    this.summary = summary;
    this.maker = maker;
  }

  String word() {
    return word;
  }

  String summary() {
    return summary;
  }

  Object make() {
    return maker.get();
  }

  static List<String> words() {
    return java.util.Arrays.stream(values()).map(Commands::word).toList();
  }
}
