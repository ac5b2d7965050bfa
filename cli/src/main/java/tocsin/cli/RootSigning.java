package tocsin.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
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
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementCodec;
import tocsin.trust.StatementId;
import tocsin.trust.StatementKind;

/// What root keys sign: profiles and revocations of keys. A quorum of them may be needed, and they
/// may be elsewhere: then a request goes out as a file, is signed where the keys are (`key sign`),
/// and comes back (`key submit`).
final class RootSigning {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

  private static final int FEWEST_DIGITS = 4;

  private final Session session;
  private final RootFlags flags;
  private final Statement.Profile current;

  /// Root keys that are on this machine.
  private final TreeMap<KeyId, Held> held = new TreeMap<>();

  /// Who is to sign.
  private final TreeMap<KeyId, PublicKey> signers = new TreeMap<>();

  record Held(Path file, SigningKey key) {}

  /// A statement that changes no roots.
  RootSigning(Session session, RootFlags flags, Statement.Profile current) throws Failure {
    this(session, flags, current, List.of(), 0);
  }

  /// A profile whose new roots must agree, too.
  ///
  /// @throws Failure if a quorum is not at hand, or the flags name no quorum: before anything is
  ///   written
  RootSigning(
      Session session,
      RootFlags flags,
      Statement.Profile current,
      List<PublicKey> newRoots,
      int newThreshold)
      throws Failure {
    this.session = session;
    this.flags = flags;
    this.current = current;
    held.putAll(onThisMachine(session, flags));
    List<KeyId> named = named(newRoots);
    choose(current.roots(), current.threshold(), named);
    choose(newRoots, newThreshold, named);
  }

  /// `--key`, or all of `keys/root*.key` that can be opened.
  static SortedMap<KeyId, Held> onThisMachine(Session session, RootFlags flags) throws Failure {
    TreeMap<KeyId, Held> held = new TreeMap<>();
    try {
      for (Path file : flags.keys) {
        SigningKey key = KeyFiles.read(file, Optional.ofNullable(flags.passphraseFile));
        held.put(key.id(), new Held(file, key));
      }
      if (!flags.keys.isEmpty()) {
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

  /// The keys that `--signer` names.
  private List<KeyId> named(List<PublicKey> newRoots) throws Failure {
    List<KeyId> roots = new ArrayList<>();
    current.roots().forEach(root -> roots.add(root.id()));
    newRoots.forEach(root -> roots.add(root.id()));
    List<KeyId> named = new ArrayList<>();
    for (String text : flags.signers) {
      List<KeyId> found = roots.stream().distinct().filter(signer(text)).toList();
      if (found.size() != 1) {
        throw Failure.usage(
                found.isEmpty()
                    ? "--signer " + text + " is no root key of yours"
                    : "--signer " + text + " fits " + found.size() + " root keys")
            .tryThis(session.command("key list"));
      }
      named.add(found.getFirst());
    }
    return named;
  }

  private Predicate<KeyId> signer(String text) throws Failure {
    String prefix = text.toLowerCase(Locale.ROOT);
    if (prefix.matches("[0-9a-f]{" + FEWEST_DIGITS + ",64}")) {
      return id -> id.toString().startsWith(prefix);
    }
    try {
      KeyId key = KeyFiles.read(Path.of(text), Optional.ofNullable(flags.passphraseFile)).id();
      return key::equals;
    } catch (KeyFileException | InvalidPathException e) {
      throw Failure.usage("--signer is a root key's id or file: " + e.getMessage()).causedBy(e);
    }
  }

  /// Those that are named first, then those that are here, then those with the lowest ids.
  private void choose(List<PublicKey> roots, int threshold, List<KeyId> named) throws Failure {
    List<PublicKey> order = new ArrayList<>();
    roots.stream().filter(root -> named.contains(root.id())).forEach(order::add);
    roots.stream()
        .filter(root -> held.containsKey(root.id()) && !order.contains(root))
        .forEach(order::add);
    if (!named.isEmpty() && order.size() < threshold) {
      throw Failure.usage(
          "this takes "
              + threshold
              + " of "
              + roots.size()
              + " root keys: with those that are here, --signer names "
              + order.size());
    }
    roots.stream().filter(root -> !order.contains(root)).forEach(order::add);
    List<PublicKey> chosen = order.stream().limit(threshold).toList();
    long here = chosen.stream().filter(root -> held.containsKey(root.id())).count();
    if (here < threshold && flags.offline == null && !flags.dryRun) {
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
    chosen.forEach(root -> signers.put(root.id(), root));
  }

  /// Signs with all the keys that are here.
  Signer.Said say(Function<Header, Statement> make) throws Failure, InterruptedException {
    Held lowest = held.get(signers.firstKey());
    try {
      if (lowest == null) {
        return sign(Optional.empty(), make);
      }
      try (KeyLock _ = KeyLock.acquire(lowest.file(), LOCK_PATIENCE)) {
        return sign(Optional.of(new SequenceBook(lowest.file())), make);
      }
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private Signer.Said sign(Optional<SequenceBook> book, Function<Header, Statement> make)
      throws Failure, KeyFileException {
    Optional<Last> last = last(book);
    boolean mayBeAlone = flags.offline != null || flags.dryRun;
    Header header =
        Signer.header(session, mayBeAlone, signers.firstKey(), 0, last)
            .signedBy(List.copyOf(signers.values()));
    try {
      Statement statement = StatementCodec.canonical(make.apply(header));
      if (StatementCodec.parse(statement.kind(), StatementCodec.encode(statement))
          instanceof StatementCodec.Parsed.Malformed it) {
        throw Failure.usage(it.reason());
      }
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
        if (book.isPresent()) {
          // The first signer has signed; another request must not get the same number.
          book.get().write(Last.of(statement.header(), id(request)));
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

  /// What the first signer has signed last, as its book or `--after` says.
  private Optional<Last> last(Optional<SequenceBook> book) throws Failure, KeyFileException {
    Optional<Last> booked = book.isPresent() ? book.get().last() : Optional.empty();
    if (flags.after == null) {
      return booked;
    }
    if (!flags.after.matches("[1-9][0-9]{0,17}:[0-9]{1,4}:[0-9a-f]{64}")) {
      throw Failure.usage("--after is NUMBER:SLOT:ID of a statement, as 'key sign' tells it");
    }
    String[] parts = flags.after.split(":", -1);
    long number = Long.parseLong(parts[0]);
    if (booked.isPresent() && booked.get().sequence() >= number) {
      return booked;
    }
    // Its hour may be another: then a slot of this one is left out, which does no harm.
    return Optional.of(
        new Last(
            number,
            StatementId.fromHex(parts[2]),
            System.currentTimeMillis(),
            Integer.parseInt(parts[1])));
  }

  /// How far it has come, in a word or two.
  static String state(Signer.Said said, boolean dryRun) {
    return said.sent()
        ? "submitted"
        : said.id().isPresent() ? "signed" : dryRun ? "dry-run" : "to be signed";
  }

  static StatementId id(tocsin.proto.Envelope request) {
    return new StatementId(
        Sha256.of(
            Envelopes.preAuthenticationEncoding(request.getPayloadType(), request.getBody())));
  }

  // ---- the file that goes from machine to machine: an envelope, as far as it is signed

  private static tocsin.proto.Envelope request(Statement statement) {
    return tocsin.proto.Envelope.newBuilder()
        .setPayloadType(statement.kind().payloadType())
        .setBody(StatementCodec.encode(statement))
        .build();
  }

  /// @throws Failure if the file holds no well-formed statement
  static tocsin.proto.Envelope read(Session session, Path file) throws Failure {
    try {
      if (Files.size(file) > Envelope.MAX_WIRE_BYTES) {
        throw Failure.usage(file + " is too large for a statement");
      }
      tocsin.proto.Envelope request = parse(ByteString.copyFrom(Files.readAllBytes(file)));
      return goodOnly(session, request, statement(request));
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

  /// Keys that the statement names.
  static List<KeyId> asked(Statement statement) {
    List<KeyId> asked = new ArrayList<>();
    asked.add(statement.header().key());
    asked.addAll(statement.header().cosigners());
    return asked;
  }

  /// Keys that the statement names and that have not signed yet.
  static List<KeyId> missing(tocsin.proto.Envelope request, Statement statement) {
    List<KeyId> missing = asked(statement);
    request.getSignaturesList().stream()
        .map(it -> PublicKey.ed25519(it.getKey().getKey()).id())
        .forEach(missing::remove);
    return missing;
  }

  /// The same without what is no signature of a key that it names: that key is asked again.
  private static tocsin.proto.Envelope goodOnly(
      Session session, tocsin.proto.Envelope request, Statement statement) {
    Signatures signatures = new Signatures();
    ByteString text =
        Envelopes.preAuthenticationEncoding(request.getPayloadType(), request.getBody());
    List<KeyId> asked = asked(statement);
    tocsin.proto.Envelope.Builder good = request.toBuilder().clearSignatures();
    for (tocsin.proto.Signature it : request.getSignaturesList()) {
      if (it.getKey().getAlgorithm() == tocsin.proto.Algorithm.ED25519
          && it.getKey().getKey().size() == PublicKey.Algorithm.ED25519.keyBytes()) {
        PublicKey key = PublicKey.ed25519(it.getKey().getKey());
        if (asked.contains(key.id()) && signatures.verify(key, text, it.getValue())) {
          good.addSignatures(it);
          continue;
        }
      }
      session.tell("note: a signature in the request is none of the keys that it names: dropped");
    }
    return good.build();
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
