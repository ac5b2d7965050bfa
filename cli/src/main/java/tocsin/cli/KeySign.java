package tocsin.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyLock;
import tocsin.node.config.SequenceBook;
import tocsin.node.config.SequenceBook.Last;
import tocsin.proto.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "sign",
    description = {
      "Add a root key's signature to a request, on the machine where the key is.",
      "Needs no node and no network: take the file there and back on a stick.",
      "What the key has signed last is noted beside it, so that it never gives one number twice."
    },
    footer = {"", "Examples:", "  tocsin key sign request.tocsin --key /media/safe/root-2.key"})
final class KeySign extends Action {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

  @Parameters(paramLabel = "FILE", description = "What 'key ... --offline FILE' wrote.")
  Path file = Path.of("");

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description = "The root key (default: each of keys/root*.key that is asked for).")
  @Nullable Path key;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = "The key's passphrase is the first line of FILE.")
  @Nullable Path passphraseFile;

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Envelope request = RootSigning.read(session, file);
    Statement statement = RootSigning.statement(request);
    List<KeyId> asked = RootSigning.missing(request, statement);
    RootFlags flags = new RootFlags();
    if (key != null) {
      flags.keys.add(key);
    }
    flags.passphraseFile = passphraseFile;
    SortedMap<KeyId, RootSigning.Held> held = RootSigning.onThisMachine(session, flags);
    boolean alreadySigned =
        RootSigning.asked(statement).stream()
            .anyMatch(it -> held.containsKey(it) && !asked.contains(it));
    held.keySet().retainAll(asked);
    if (held.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          asked.isEmpty()
              ? "it is signed by all already"
              : "it needs the signatures of "
                  + RootSigning.shown(asked)
                  + (alreadySigned ? "; this key has signed it already" : "; this key is another"));
    }
    session.tell(summary(statement));
    session.consider("You sign this with " + RootSigning.shown(held.keySet()) + ".", "sign");
    for (RootSigning.Held one : held.values()) {
      if (one.key().id().equals(statement.header().key())) {
        note(one, request, statement);
      }
      request = RootSigning.signed(request, one.key());
    }
    RootSigning.write(session, request, file);
    List<KeyId> missing = RootSigning.missing(request, statement);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.request/v1");
    fields.put("kind", statement.kind().word());
    fields.put("signed", held.keySet().stream().map(KeyId::toString).toList());
    fields.put("missing", missing.stream().map(KeyId::toString).toList());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "request", statement.kind().word(),
                    "signed by", RootSigning.shown(held.keySet()),
                    "still missing", missing.isEmpty() ? "nobody" : RootSigning.shown(missing)));
    return ExitCode.OK;
  }

  /// The number that a statement carries is its first signer's. Two requests that are made before
  /// either is handed in have the same one; if somebody signed both, his key would be suspended
  /// everywhere.
  private static void note(RootSigning.Held held, Envelope request, Statement statement)
      throws Failure, InterruptedException {
    StatementId id = RootSigning.id(request);
    Last next = Last.of(statement.header(), id);
    try (KeyLock _ = KeyLock.acquire(held.file(), LOCK_PATIENCE)) {
      SequenceBook book = new SequenceBook(held.file());
      Optional<Last> last = book.last();
      if (last.isPresent() && !last.get().statement().equals(id) && last.get().rivals(next)) {
        throw new Failure(
                ExitCode.FAILED,
                "this key has signed another statement with number "
                    + last.get().sequence()
                    + " already")
            .because("two statements with one number suspend their key everywhere")
            .tryThis(
                "hand that one in first, or make this request anew with --after "
                    + last.get().sequence()
                    + ":"
                    + last.get().slotIndex()
                    + ":"
                    + last.get().statement());
      }
      book.write(next);
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// What the holder of the key should know before signing.
  private static String summary(Statement statement) {
    return switch (statement) {
      case Statement.Profile it -> profile(it);
      case Statement.Revocation it -> "revocation of " + target(it) + ": " + said(it.reason());
      case Statement.Vouch _,
          Statement.VouchWithdrawal _,
          Statement.Alert _,
          Statement.Endorsement _,
          Statement.Dispute _,
          Statement.Recall _,
          Statement.Registration _ ->
          statement.kind().word() + ", which root keys do not sign";
    };
  }

  private static String profile(Statement.Profile it) {
    List<String> parts = new ArrayList<>();
    parts.add("profile of " + said(it.legalName()) + ", version " + it.version());
    parts.add(
        it.threshold()
            + " of "
            + it.roots().size()
            + " root keys "
            + RootSigning.shown(it.roots().stream().map(root -> root.id()).toList()));
    parts.add(
        "operational keys "
            + RootSigning.shown(it.keys().stream().map(each -> each.key().id()).toList()));
    if (!it.contacts().isEmpty()) {
      parts.add("contacts " + said(String.join(", ", it.contacts())));
    }
    if (!it.group().isEmpty()) {
      parts.add("group " + said(it.group()));
    }
    return String.join("; ", parts);
  }

  private static String target(Statement.Revocation it) {
    return switch (it.target()) {
      case Statement.Revoked.Key revoked ->
          "key "
              + RootSigning.shown(List.of(revoked.key()))
              + revoked
                  .lastGood()
                  .map(good -> ", good up to statement " + good)
                  .orElse(", none of whose statements is good");
      case Statement.Revoked.Organization revoked ->
          "organization " + revoked.organization().toString();
    };
  }

  private static String said(String text) {
    return Printable.line(text);
  }
}
