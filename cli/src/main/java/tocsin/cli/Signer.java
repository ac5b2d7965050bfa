package tocsin.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.KeyLock;
import tocsin.node.config.SequenceBook;
import tocsin.node.config.SequenceBook.Last;
import tocsin.proto.GetNextHeaderRequest;
import tocsin.proto.NextHeader;
import tocsin.proto.SubmitRequest;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// Says something in the organization's name: under the key's lock it learns the next sequence
/// number, signs, notes the number, and hands the statement to the node or writes it to a file.
final class Signer {
  /// Another command that signs needs a second or two; one that waits for a person holds no lock.
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

  private final Session session;
  private final Signing flags;
  private final Path keyFile;

  /// @param usualKey the key's name in the folder, where no flag says another
  Signer(Session session, Signing flags, String usualKey) {
    this.session = session;
    this.flags = flags;
    this.keyFile = flags.key == null ? session.folder().key(usualKey) : flags.key;
  }

  /// What came of it.
  ///
  /// @param id empty for a dry run
  /// @param sent the node has it; false where it was written to a file, or not made at all
  /// @param refusal of an alert that the node keeps as refused, and can show with the reason
  record Said(
      Optional<StatementId> id, Statement statement, boolean sent, Optional<Failure> refusal) {
    Said(Optional<StatementId> id, Statement statement, boolean sent) {
      this(id, statement, sent, Optional.empty());
    }
  }

  /// @param lifeMillis 0: does not expire
  /// @param make the statement with this header; an `IllegalArgumentException` is the operator's
  ///   mistake
  Said say(long lifeMillis, Function<Header, Statement> make) throws Failure, InterruptedException {
    try {
      SigningKey key = KeyFiles.read(keyFile, Optional.ofNullable(flags.passphraseFile));
      try (KeyLock _ = KeyLock.acquire(keyFile, LOCK_PATIENCE)) {
        return sayLocked(key, lifeMillis, make);
      }
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private Said sayLocked(SigningKey key, long lifeMillis, Function<Header, Statement> make)
      throws Failure, KeyFileException {
    SequenceBook book = new SequenceBook(keyFile);
    Statement statement;
    Envelope envelope;
    try {
      statement =
          make.apply(header(session, flags.offline != null, key.id(), lifeMillis, book.last()));
      if (flags.dryRun) {
        return new Said(Optional.empty(), statement, false);
      }
      envelope = Envelopes.sign(statement, List.of(key));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
    // From here a crash has burnt the number: the next statement takes the one after it.
    book.write(Last.of(statement.header(), envelope.id()));
    if (flags.offline != null) {
      write(flags.offline, envelope);
      return new Said(Optional.of(envelope.id()), statement, false);
    }
    try {
      submit(session, envelope.wire());
    } catch (Failure e) {
      if (e.code() != ExitCode.REFUSED || !(statement instanceof Statement.Alert)) {
        throw e;
      }
      return new Said(Optional.of(envelope.id()), statement, true, Optional.of(e));
    }
    return new Said(Optional.of(envelope.id()), statement, true);
  }

  /// The header of the key's next statement, from the node or, offline, from its folder.
  ///
  /// @param mayBeAlone without a node, what the folder says must do
  static Header header(
      Session session, boolean mayBeAlone, KeyId key, long lifeMillis, Optional<Last> fromBook)
      throws Failure {
    long now = System.currentTimeMillis();
    if (mayBeAlone && !session.nodeRuns()) {
      NetworkId network = session.config().node().network();
      OrganizationId issuer = OwnProfile.organization(session.folder());
      Optional<Last> fromLog = StoppedLog.lastOf(session.folder(), key);
      if (fromLog.isEmpty() && fromBook.isEmpty()) {
        session.tell(
            "note: this machine does not know of any statement by this key; "
                + "if it has signed elsewhere, do not use the file");
      }
      return Headers.next(network, issuer, key, now, lifeMillis, fromLog, fromBook);
    }
    NextHeader next =
        session
            .node()
            .call(node ->
                node.getNextHeader(
                    GetNextHeaderRequest.newBuilder().setKey(key.toByteString()).build()));
    return Headers.next(
        new NetworkId(next.getNetwork()),
        OrganizationId.fromBytes(next.getOrganization()),
        key,
        now,
        lifeMillis,
        lastBefore(next),
        fromBook);
  }

  /// The statement that the node's answer follows on.
  private static Optional<Last> lastBefore(NextHeader next) {
    if (next.getSequence() <= 1) {
      return Optional.empty();
    }
    // The node says which slot is free, not when the last statement was issued.
    boolean thisHour = next.getSlotIndex() > 0;
    return Optional.of(
        new Last(
            next.getSequence() - 1,
            StatementId.fromBytes(next.getPrevious()),
            thisHour ? next.getSlotHour() * Header.HOUR_MILLIS : 0,
            next.getSlotIndex() - 1));
  }

  private void write(Path file, Envelope envelope) throws Failure {
    try {
      Files.write(file, envelope.wire().toByteArray());
      session.tell("written to " + file + "; hand it to a node with:");
      session.tell("  " + session.command("alert submit " + Words.quoted(file.toString())));
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + file + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  /// Hands a signed statement to the node; it is durable there when this returns.
  static StatementId submit(Session session, ByteString wire) throws Failure {
    try {
      SubmitRequest request =
          SubmitRequest.newBuilder().setEnvelope(tocsin.proto.Envelope.parseFrom(wire)).build();
      return StatementId.fromBytes(session.node().call(node -> node.submit(request)).getId());
    } catch (InvalidProtocolBufferException e) {
      throw Failure.usage("this is no signed statement").causedBy(e);
    }
  }
}
