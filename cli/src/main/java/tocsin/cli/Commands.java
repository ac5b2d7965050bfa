package tocsin.cli;

/// The first words of the command line. Only the one that is called is made, so that help and the
/// daily commands start fast.
enum Commands {
  DEMO("demo", "Replay the hijack of CheckFree in 2008 on this machine."),
  INIT("init", "Make the keys and the configuration of a new node."),
  RUN("run", "Run the node in the foreground."),
  STATUS("status", "How the node is."),
  DOCTOR("doctor", "What is not as it must be, from the configuration to the resolvers."),
  WHY("why", "Why resolvers answer for a name as they do."),
  ALERT("alert", "Raise, endorse, recall and see alerts."),
  TRUST("trust", "Anchors, vouches, revocations, and what follows from them."),
  ORG("org", "Organizations, and the card that introduces one."),
  KEY("key", "The keys of this organization."),
  NAME("name", "Names that their owners have registered in advance."),
  PEER("peer", "Other nodes."),
  RESOLVER("resolver", "The resolvers beside this node."),
  LOG("log", "The log of statements."),
  CONFIG("config", "Check and show the configuration."),
  BENCH("bench", "Measure on this machine: network, gossip, log, trust, DNS, resolvers."),
  SIMULATE("simulate", "Play a scenario with many nodes in virtual time."),
  COMPLETION("completion", "Print a completion script for bash, zsh or fish.");

  private final String word;
  private final String summary;

  Commands(String word, String summary) {
    this.word = word;
    this.summary = summary;
  }

  String word() {
    return word;
  }

  String summary() {
    return summary;
  }

  Object make() {
    return switch (this) {
      case DEMO -> new DemoCommand();
      case INIT -> new InitCommand();
      case RUN -> new RunCommand();
      case STATUS -> new StatusCommand();
      case DOCTOR -> new DoctorCommand();
      case WHY -> new WhyCommand();
      case ALERT -> new AlertGroup();
      case TRUST -> new TrustGroup();
      case ORG -> new OrgGroup();
      case KEY -> new KeyGroup();
      case NAME -> new NameGroup();
      case PEER -> new PeerGroup();
      case RESOLVER -> new ResolverGroup();
      case LOG -> new LogGroup();
      case CONFIG -> new ConfigGroup();
      case BENCH -> new BenchGroup();
      case SIMULATE -> new SimulateCommand();
      case COMPLETION -> new CompletionCommand();
    };
  }
}
