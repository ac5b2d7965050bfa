package tocsin.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.KeyLock;
import tocsin.node.config.SequenceBook;
import tocsin.node.config.SequenceBook.Last;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.PublicKey;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementCodec;
import tocsin.trust.StatementKind;

/// What root keys sign: profiles and revocations of keys. A quorum of them may be needed, and they
/// may be elsewhere: then a request goes out as a file, is signed where the keys are (`key sign`),
/// and comes back (`key submit`).
final class RootSigning {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

  private final Session session;
  private final Signing flags;
  private final Statement.Profile current;

  /// Root keys that are on this machine.
  private final TreeMap<KeyId, Held> held = new TreeMap<>();

  record Held(Path file, SigningKey key) {}

  RootSigning(Session session, Signing flags, Statement.Profile current) throws Failure {
    this.session = session;
    this.flags = flags;
    this.current = current;
    held.putAll(onThisMachine(session, flags));
  }

  /// `--key`, or all of `keys/root*.key` that can be opened.
  static SortedMap<KeyId, Held> onThisMachine(Session session, Signing flags) throws Failure {
    TreeMap<KeyId, Held> held = new TreeMap<>();
    try {
      if (flags.key != null) {
        SigningKey key = KeyFiles.read(flags.key, Optional.ofNullable(flags.passphraseFile));
        held.put(key.id(), new Held(flags.key, key));
        return held;
      }
      if (!Files.isDirectory(session.folder().keys())) {
        return held;
      }
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(session.folder().keys(), "root*.key")) {
        for (Path file : files) {
          try {
            SigningKey key = KeyFiles.read(file, Optional.ofNullable(flags.passphraseFile));
            held.put(key.id(), new Held(file, key));
          } catch (KeyFileException e) {
            if (flags.offline == null) {
              throw e;
            }
            session.tell("note: " + e.getMessage());
          }
        }
      }
      return held;
    } catch (KeyFileException | IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// Signs a statement that changes no roots.
  Signer.Said say(Function<Header, Statement> make) throws Failure, InterruptedException {
    return say(List.of(), 0, make);
  }

  /// Signs a profile whose new roots must agree, too.
  Signer.Said say(List<PublicKey> newRoots, int newThreshold, Function<Header, Statement> make)
      throws Failure, InterruptedException {
    TreeMap<KeyId, PublicKey> signers = new TreeMap<>();
    choose(current.roots(), current.threshold(), signers);
    choose(newRoots, newThreshold, signers);
    Held lowest = held.get(signers.firstKey());
    try {
      if (lowest == null) {
        return sign(signers, Optional.empty(), make);
      }
      try (KeyLock _ = KeyLock.acquire(lowest.file(), LOCK_PATIENCE)) {
        return sign(signers, Optional.of(new SequenceBook(lowest.file())), make);
      }
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// Keys that are here first; where the others sign elsewhere, those with the lowest ids.
  private void choose(List<PublicKey> roots, int threshold, SortedMap<KeyId, PublicKey> signers)
      throws Failure {
    List<PublicKey> order = new ArrayList<>();
    roots.stream().filter(root -> held.containsKey(root.id())).forEach(order::add);
    int here = order.size();
    if (here < threshold && flags.offline == null) {
      throw new Failure(
              ExitCode.FAILED,
              "this takes "
                  + threshold
                  + " of "
                  + roots.size()
                  + " root keys, and "
                  + here
                  + " of them "
                  + (here == 1 ? "is" : "are")
                  + " on this machine")
          .tryThis("the same with --offline request.tocsin, to be signed where the others are");
    }
    roots.stream().filter(root -> !held.containsKey(root.id())).forEach(order::add);
    order.stream().limit(threshold).forEach(root -> signers.put(root.id(), root));
  }

  private Signer.Said sign(
      SortedMap<KeyId, PublicKey> signers,
      Optional<SequenceBook> book,
      Function<Header, Statement> make)
      throws Failure, KeyFileException {
    Optional<Last> last = book.isPresent() ? book.get().last() : Optional.empty();
    Header header =
        Signer.header(session, flags, signers.firstKey(), 0, last)
            .signedBy(List.copyOf(signers.values()));
    try {
      Statement statement = StatementCodec.canonical(make.apply(header));
      if (flags.dryRun) {
        return new Signer.Said(Optional.empty(), statement, false);
      }
      List<SigningKey> keys =
          signers.keySet().stream()
              .flatMap(id -> Optional.ofNullable(held.get(id)).stream())
              .map(it -> it.key())
              .toList();
      if (keys.size() < signers.size()) {
        tocsin.proto.Envelope request = request(statement);
        for (SigningKey key : keys) {
          request = signed(request, key);
        }
        write(request, Objects.requireNonNull(flags.offline, "checked when signers were chosen"));
        return new Signer.Said(Optional.empty(), statement, false);
      }
      Envelope envelope = Envelopes.sign(statement, keys);
      if (book.isPresent()) {
        // From here a crash has burnt the number: the next statement takes the one after it.
        book.get().write(Last.of(statement.header(), envelope.id()));
      }
      if (flags.offline != null) {
        write(parse(envelope.wire()), flags.offline);
        return new Signer.Said(Optional.of(envelope.id()), statement, false);
      }
      Signer.submit(session, envelope.wire());
      return new Signer.Said(Optional.of(envelope.id()), statement, true);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  // ---- the file that goes from machine to machine: an envelope, as far as it is signed

  private static tocsin.proto.Envelope request(Statement statement) {
    return tocsin.proto.Envelope.newBuilder()
        .setPayloadType(statement.kind().payloadType())
        .setBody(StatementCodec.encode(statement))
        .build();
  }

  static tocsin.proto.Envelope read(Path file) throws Failure {
    try {
      if (Files.size(file) > Envelope.MAX_WIRE_BYTES) {
        throw Failure.usage(file + " is too large for a statement");
      }
      return parse(ByteString.copyFrom(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      throw Failure.usage("there is no file " + file).causedBy(e);
    } catch (IOException e) {
      throw Failure.usage("cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private static tocsin.proto.Envelope parse(ByteString wire) throws Failure {
    try {
      return tocsin.proto.Envelope.parseFrom(wire);
    } catch (InvalidProtocolBufferException e) {
      throw Failure.usage("this is no request for a signature").causedBy(e);
    }
  }

  /// @throws Failure if the request holds no well-formed statement
  static Statement statement(tocsin.proto.Envelope request) throws Failure {
    StatementKind kind =
        StatementKind.ofPayloadType(request.getPayloadType())
            .orElseThrow(() -> Failure.usage("this is no request for a signature"));
    return switch (StatementCodec.parse(kind, request.getBody())) {
      case StatementCodec.Parsed.Good good -> good.statement();
      case StatementCodec.Parsed.Malformed it ->
          throw Failure.usage("the request is damaged: " + it.reason());
    };
  }

  /// The same with this key's signature, in the order of key ids.
  static tocsin.proto.Envelope signed(tocsin.proto.Envelope request, SigningKey key) {
    TreeMap<KeyId, tocsin.proto.Signature> all = new TreeMap<>();
    for (tocsin.proto.Signature it : request.getSignaturesList()) {
      all.put(PublicKey.ed25519(it.getKey().getKey()).id(), it);
    }
    ByteString text =
        Envelopes.preAuthenticationEncoding(request.getPayloadType(), request.getBody());
    all.put(
        key.id(),
        tocsin.proto.Signature.newBuilder()
            .setKey(
                tocsin.proto.PublicKey.newBuilder()
                    .setAlgorithm(tocsin.proto.Algorithm.ED25519)
                    .setKey(key.publicKey().key()))
            .setValue(key.sign(text))
            .build());
    return request.toBuilder().clearSignatures().addAllSignatures(all.values()).build();
  }

  /// Keys that the statement names and that have not signed yet.
  static List<KeyId> missing(tocsin.proto.Envelope request, Statement statement) {
    List<KeyId> missing = new ArrayList<>();
    missing.add(statement.header().key());
    missing.addAll(statement.header().cosigners());
    request.getSignaturesList().stream()
        .map(it -> PublicKey.ed25519(it.getKey().getKey()).id())
        .forEach(missing::remove);
    return missing;
  }

  private void write(tocsin.proto.Envelope request, Path file) throws Failure {
    write(session, request, file);
  }

  static void write(Session session, tocsin.proto.Envelope request, Path file) throws Failure {
    try {
      Files.write(file, request.toByteArray());
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, "cannot write " + file + ": " + e.getMessage())
          .causedBy(e);
    }
    List<KeyId> missing = missing(request, statement(request));
    session.tell("written to " + file);
    if (missing.isEmpty()) {
      session.tell("it is signed by all; hand it to the node with:");
      session.tell("  " + session.command("key submit " + Words.quoted(file.toString())));
    } else {
      session.tell("it needs the signatures of " + shown(missing) + "; where those keys are:");
      session.tell("  tocsin key sign " + Words.quoted(file.toString()) + " --key FILE");
    }
  }

  static String shown(Collection<KeyId> keys) {
    return String.join(", ", keys.stream().map(it -> it.toString().substring(0, 12)).toList());
  }
}
