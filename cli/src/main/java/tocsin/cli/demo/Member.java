package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tocsin.node.Node;
import tocsin.node.Resolvers;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.NodeFolder;
import tocsin.node.config.ResolverConfig;
import tocsin.node.core.Event;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.NodeCore;
import tocsin.node.core.Progress;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.storage.LogEntry;
import tocsin.trust.Card;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// An organization with its node, and perhaps a resolver beside it.
final class Member implements AutoCloseable {
  private final Part part;
  private final NodeFolder folder;
  private final HostPort gossip;
  private final Optional<LabResolver> resolver;
  private final SigningKey operations;
  private final Envelope profile;
  private @Nullable Node node;

  private Member(
      Part part,
      NodeFolder folder,
      HostPort gossip,
      Optional<LabResolver> resolver,
      SigningKey operations,
      Envelope profile) {
    this.part = part;
    this.folder = folder;
    this.gossip = gossip;
    this.resolver = resolver;
    this.operations = operations;
    this.profile = profile;
  }

  /// Founds the organization: `tocsin init`, and what its operator then changes in the
  /// configuration.
  static Member found(
      Init init,
      NodeFolder folder,
      Part part,
      Init.Answers answers,
      Optional<LabResolver> resolver,
      LabInternet lab)
      throws IOException, KeyFileException {
    init.init(folder, answers);
    configure(folder, part, resolver, lab);
    return new Member(
        part,
        folder,
        answers.listen(),
        resolver,
        KeyFiles.read(folder.key("operations"), Optional.empty()),
        Envelopes.fromLog(ByteString.copyFrom(Files.readAllBytes(folder.profile()))));
  }

  private static void configure(
      NodeFolder folder, Part part, Optional<LabResolver> resolver, LabInternet lab)
      throws IOException {
    String text = Files.readString(folder.configFile());
    // The lab's web sites have documentation addresses, which no alert may name in the real world.
    text =
        uncommented(
            text,
            "allow-special-purpose-addresses = false",
            "allow-special-purpose-addresses = true");
    text = uncommented(text, "flush-jitter = \"10s\"", "flush-jitter = \"0s\"");
    StringBuilder more = new StringBuilder("\n[verification]\nroot-hints = [");
    lab.rootHints().forEach(hint -> more.append('"').append(hint).append('"'));
    more.append("]\n");
    resolver.ifPresent(beside -> {
      more.append("\n[[resolver]]\nname = \"")
          .append(resolverName(part))
          .append("\"\naddress = \"127.0.0.1:")
          .append(beside.address().getPort())
          .append("\"\n");
      beside.section().forEach(line -> more.append(line).append('\n'));
    });
    Files.writeString(folder.configFile(), text + more, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static String uncommented(String text, String usual, String wanted) {
    String changed = text.replace("# " + usual, wanted);
    if (changed.equals(text)) {
      throw new AssertionError("the configuration that init writes has no line for " + wanted);
    }
    return changed;
  }

  /// Opens the node: it listens, and does nothing yet.
  void open(Map<String, String> settings) throws ConfigException {
    node = Node.open(ConfigFile.load(folder, Map.of(), settings).config());
  }

  void start() throws InterruptedException {
    boolean _ = running().start();
  }

  /// What the resolver beside it has cached of a domain is forgotten, as when its time is over.
  void empty(DnsName domain) throws NotSeen {
    try {
      for (ResolverConfig config :
          ConfigFile.load(folder, Map.of(), Map.of()).config().resolvers()) {
        try (Resolver driven = Resolvers.of(config)) {
          driven.flush(domain);
        }
      }
    } catch (ConfigException | ResolverException e) {
      throw new NotSeen(resolverName() + " cannot be emptied: " + e.getMessage());
    }
  }

  private Node running() {
    Node known = node;
    if (known == null) {
      throw new IllegalStateException(part.name() + " does not run");
    }
    return known;
  }

  Part part() {
    return part;
  }

  String name() {
    return part.name();
  }

  OrganizationId id() {
    return profile.issuer();
  }

  Envelope profile() {
    return profile;
  }

  HostPort gossip() {
    return gossip;
  }

  Optional<LabResolver> resolver() {
    return resolver;
  }

  /// What the resolver beside it is called.
  String resolverName() {
    return resolverName(part);
  }

  private static String resolverName(Part part) {
    return part.name() + "-resolver";
  }

  /// The id of the key that signs its statements.
  String signature() {
    return Words.shortened(operations.id());
  }

  <T> T ask(Function<NodeCore, T> question) {
    return running().loop().ask(question);
  }

  /// Its operator chooses an anchor.
  void anchor(Member anchor) {
    happened(
        new Event.AnchorAdded(
            0, anchor.id(), anchor.name(), new Card(List.of(anchor.profile())).profiles()));
  }

  /// Says something in the organization's name, at its own node; it is durable there on return.
  ///
  /// @param lifeMillis 0: does not expire
  Envelope say(long lifeMillis, Function<Header, Statement> make) {
    long now = System.currentTimeMillis();
    Header next = ask(core -> core.view().nextHeader(operations.id(), now));
    Header header =
        new Header(
            next.network(),
            next.issuer(),
            next.key(),
            next.sequence(),
            next.previous(),
            now,
            lifeMillis == 0 ? 0 : now + lifeMillis,
            next.slotHour(),
            next.slotIndex());
    Envelope envelope = Envelopes.sign(make.apply(header), List.of(operations));
    hand(envelope);
    return envelope;
  }

  /// Hands a statement to the node, whoever signed it.
  void hand(Envelope envelope) {
    happened(new Event.Submitted(0, envelope));
  }

  private void happened(Event event) {
    CountDownLatch handled = new CountDownLatch(1);
    running().loop().happened(event, handled::countDown);
    try {
      if (!handled.await(Limits.STEP.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(part.name() + " does not answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// An alert as it stands here.
  Optional<IncidentBook.Standing> standing(StatementId alert) {
    return ask(core -> core.standing(alert));
  }

  boolean has(StatementId statement) {
    return ask(core -> core.view().log().contains(statement));
  }

  /// When the node first saw a statement; empty if it has not accepted it.
  OptionalLong seenMillis(StatementId statement) {
    Optional<LogEntry> entry = ask(core -> core.view().log().get(statement));
    return entry.map(LogEntry::firstSeenMillis).map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  /// How far an alert is at the resolver beside it.
  Optional<Progress> progress(StatementId alert) {
    return ask(core ->
        core.view().progress(alert).stream()
            .filter(progress -> progress.resolver().equals(resolverName()))
            .findFirst());
  }

  @Override
  public void close() {
    if (node != null) {
      node.close();
    }
    resolver.ifPresent(LabResolver::close);
  }

  @Override
  public String toString() {
    return "node " + part.name();
  }
}
