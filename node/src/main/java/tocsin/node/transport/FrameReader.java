package tocsin.node.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tocsin.node.core.Frame;
import tocsin.proto.AnchorDigest;
import tocsin.proto.Announce;
import tocsin.proto.Appended;
import tocsin.proto.Checkpoint;
import tocsin.proto.Compare;
import tocsin.proto.Digest;
import tocsin.proto.Hello;
import tocsin.proto.Ping;
import tocsin.proto.Pong;
import tocsin.proto.Pull;
import tocsin.proto.Push;
import tocsin.proto.Refused;
import tocsin.proto.Resume;
import tocsin.proto.Symbols;
import tocsin.proto.Want;
import tocsin.proto.Wish;
import tocsin.proto.Witnessed;
import tocsin.storage.LogId;
import tocsin.storage.SignedNote;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Bytes from a peer as a frame, parsed strictly: what is not exactly as `gossip.proto` says is
/// refused, and arms of a later version are passed over.
final class FrameReader {
  private FrameReader() {}

  /// What was read; envelopes are still bytes.
  sealed interface Raw {
    /// A frame without envelopes, complete.
    record Complete(Frame frame) implements Raw {}

    record Pushed(List<ByteString> envelopes, int hops) implements Raw {}

    record AppendedRaw(LogId logId, List<ByteString> envelopes, long next, boolean end)
        implements Raw {}

    /// Nothing for this version of the protocol.
    record Nothing() implements Raw {}
  }

  static Raw read(ByteString bytes) throws MalformedFrame {
    if (bytes.size() > TransportLimits.FRAME_BYTES) {
      throw new MalformedFrame("a frame of " + bytes.size() + " bytes");
    }
    try {
      return readFrame(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedFrame("a frame is not well-formed protobuf");
    } catch (IOException e) {
      throw new MalformedFrame("a frame cannot be read");
    } catch (IllegalArgumentException e) {
      // Value types refuse wrong sizes; their messages speak of sizes only.
      throw new MalformedFrame("in a frame: " + e.getMessage());
    }
  }

  private static Raw readFrame(ByteString bytes) throws IOException, MalformedFrame {
    CodedInputStream in = bytes.newCodedInput();
    in.enableAliasing(true);
    int found = 0;
    ByteString body = ByteString.EMPTY;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int arm = WireFormat.getTagFieldNumber(tag);
      if (!isKnown(arm)) {
        skip(in, tag);
        continue;
      }
      require(found == 0, "a frame says two things");
      require(
          WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED,
          "an arm of a frame is no message");
      found = arm;
      body = in.readBytes();
    }
    return found == 0 ? new Raw.Nothing() : readArm(found, body);
  }

  private static boolean isKnown(int arm) {
    return arm >= tocsin.proto.Frame.HELLO_FIELD_NUMBER
        && arm <= tocsin.proto.Frame.COMPARE_FIELD_NUMBER;
  }

  private static void skip(CodedInputStream in, int tag) throws IOException, MalformedFrame {
    require(in.skipField(tag), "a group ends that never began");
  }

  private static Raw readArm(int arm, ByteString body) throws IOException, MalformedFrame {
    return switch (arm) {
      case tocsin.proto.Frame.HELLO_FIELD_NUMBER -> complete(hello(Hello.parseFrom(body)));
      case tocsin.proto.Frame.PUSH_FIELD_NUMBER -> pushed(body);
      case tocsin.proto.Frame.ANNOUNCE_FIELD_NUMBER ->
          complete(new Frame.Announce(ids(Announce.parseFrom(body).getIdsList())));
      case tocsin.proto.Frame.PULL_FIELD_NUMBER ->
          complete(new Frame.Pull(ids(Pull.parseFrom(body).getIdsList())));
      case tocsin.proto.Frame.DIGEST_FIELD_NUMBER -> complete(digests(Digest.parseFrom(body)));
      case tocsin.proto.Frame.RESUME_FIELD_NUMBER -> complete(resume(Resume.parseFrom(body)));
      case tocsin.proto.Frame.APPENDED_FIELD_NUMBER -> appended(body);
      case tocsin.proto.Frame.WANT_FIELD_NUMBER -> complete(wanted(Want.parseFrom(body)));
      case tocsin.proto.Frame.COMPARE_FIELD_NUMBER -> complete(compare(Compare.parseFrom(body)));
      case tocsin.proto.Frame.SYMBOLS_FIELD_NUMBER -> complete(symbols(Symbols.parseFrom(body)));
      case tocsin.proto.Frame.REFUSED_FIELD_NUMBER -> complete(refused(Refused.parseFrom(body)));
      case tocsin.proto.Frame.PING_FIELD_NUMBER ->
          complete(new Frame.Ping(Ping.parseFrom(body).getNonce()));
      case tocsin.proto.Frame.PONG_FIELD_NUMBER ->
          complete(new Frame.Pong(Pong.parseFrom(body).getNonce()));
      case tocsin.proto.Frame.CHECKPOINT_FIELD_NUMBER ->
          complete(checkpoint(Checkpoint.parseFrom(body)));
      case tocsin.proto.Frame.WITNESSED_FIELD_NUMBER ->
          complete(witnessed(Witnessed.parseFrom(body)));
      case tocsin.proto.Frame.WISH_FIELD_NUMBER -> {
        Wish wish = Wish.parseFrom(body);
        yield complete(new Frame.Wish(wish.getEager(), wish.getChoked()));
      }
      default -> throw new AssertionError("an arm that is not known was kept: " + arm);
    };
  }

  private static Raw complete(Frame frame) {
    return new Raw.Complete(frame);
  }

  private static Frame hello(Hello hello) throws MalformedFrame {
    require(
        hello.getVersionMin() >= 1 && hello.getVersionMax() >= hello.getVersionMin(),
        "a hello's range of versions is empty");
    require(
        hello.getAnchorsCount() <= TransportLimits.ANCHORS_PER_FRAME,
        "a hello has too many anchors");
    List<OrganizationId> anchors = new ArrayList<>();
    for (ByteString bytes : hello.getAnchorsList()) {
      OrganizationId anchor = OrganizationId.fromBytes(bytes);
      require(
          anchors.isEmpty() || anchors.getLast().compareTo(anchor) < 0,
          "a hello's anchors do not ascend");
      anchors.add(anchor);
    }
    return new Frame.Hello(
        hello.getVersionMin(),
        hello.getVersionMax(),
        new NetworkId(hello.getNetwork()),
        OrganizationId.fromBytes(hello.getOrganization()),
        new LogId(hello.getLogId()),
        anchors,
        text(hello.getSoftware()),
        text(hello.getAddress()));
  }

  private static Frame digests(Digest digest) throws MalformedFrame {
    require(
        digest.getAnchorsCount() <= TransportLimits.ANCHORS_PER_FRAME,
        "a digest has too many anchors");
    List<Frame.AnchorDigest> anchors = new ArrayList<>();
    for (var anchor : digest.getAnchorsList()) {
      anchors.add(digest(anchor));
    }
    return new Frame.Digests(anchors, count(digest.getLogSize()));
  }

  private static Frame.AnchorDigest digest(AnchorDigest digest) throws MalformedFrame {
    return new Frame.AnchorDigest(
        OrganizationId.fromBytes(digest.getAnchor()),
        count(digest.getCount()),
        Sha256.fromBytes(digest.getSum()));
  }

  private static Frame compare(Compare compare) throws MalformedFrame {
    require(
        compare.getSketch().size() == Frame.Compare.SKETCH_BYTES,
        "the sketch of a set has another size than it should");
    require(
        compare.getLeast() >= 0 && compare.getLeast() <= TransportLimits.SYMBOLS_PER_FRAME,
        "a comparison asks for more symbols than there are");
    return new Frame.Compare(
        OrganizationId.fromBytes(compare.getAnchor()),
        count(compare.getCount()),
        copy(compare.getSketch()),
        compare.getLeast());
  }

  private static Frame symbols(Symbols symbols) throws MalformedFrame {
    int size = symbols.getSymbols().size();
    require(
        size % Frame.Symbols.SYMBOL_BYTES == 0
            && size / Frame.Symbols.SYMBOL_BYTES <= TransportLimits.SYMBOLS_PER_FRAME,
        "symbols are broken off, or too many");
    return new Frame.Symbols(digest(symbols.getDigest()), copy(symbols.getSymbols()));
  }

  private static Frame wanted(Want want) throws MalformedFrame {
    require(
        want.getCuts().size() % ShortIds.SIZE_BYTES == 0
            && want.getCuts().size() / ShortIds.SIZE_BYTES <= TransportLimits.SYMBOLS_PER_FRAME,
        "cut ids are broken off, or too many");
    return new Frame.Want(ShortIds.read(want.getCuts()));
  }

  /// Not tied to the frame around it.
  private static ByteString copy(ByteString bytes) {
    return ByteString.copyFrom(bytes.asReadOnlyByteBuffer());
  }

  private static Frame checkpoint(Checkpoint checkpoint) throws MalformedFrame {
    require(
        checkpoint.getProofCount() <= TransportLimits.PROOF_HASHES,
        "the proof of a checkpoint is too long");
    List<Sha256> proof = new ArrayList<>();
    for (ByteString hash : checkpoint.getProofList()) {
      proof.add(Sha256.fromBytes(hash));
    }
    return new Frame.Checkpoint(
        SignedNote.parse(checkpoint.getNote()),
        PublicKey.ed25519(checkpoint.getNode()),
        count(checkpoint.getOldSize()),
        proof);
  }

  private static Frame witnessed(Witnessed witnessed) throws MalformedFrame {
    Optional<SignedNote.Signature> cosignature = Optional.empty();
    if (!witnessed.getName().isEmpty()) {
      require(
          witnessed.getSignature().size() == TransportLimits.COSIGNATURE_BYTES,
          "a cosignature has another size than it should");
      cosignature =
          Optional.of(
              new SignedNote.Signature(
                  text(witnessed.getName()), witnessed.getKeyId(), witnessed.getSignature()));
    }
    return new Frame.Witnessed(
        new LogId(witnessed.getLogId()), count(witnessed.getSize()), cosignature);
  }

  private static Frame resume(Resume resume) throws MalformedFrame {
    return new Frame.Resume(new LogId(resume.getLogId()), count(resume.getIndex()));
  }

  private static Frame refused(Refused refused) throws MalformedFrame {
    return new Frame.Refused(StatementId.fromBytes(refused.getId()), text(refused.getReason()));
  }

  private static Raw pushed(ByteString body) throws IOException, MalformedFrame {
    List<ByteString> envelopes = new ArrayList<>();
    int hops = 0;
    CodedInputStream in = body.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isEnvelope(tag, Push.ENVELOPES_FIELD_NUMBER)) {
        envelopes.add(envelope(in, envelopes.size()));
      } else if (tag == tag(Push.HOPS_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT)) {
        hops = in.readUInt32();
      } else {
        skip(in, tag);
      }
    }
    require(hops >= 0 && hops <= Frame.Push.FAR, "a push came over more hops than can be");
    return new Raw.Pushed(envelopes, hops);
  }

  /// The envelopes as they stand; the rest as the generated parser sees it.
  private static Raw appended(ByteString body) throws IOException, MalformedFrame {
    List<ByteString> envelopes = new ArrayList<>();
    LogId logId = new LogId(NO_LOG);
    long next = 0;
    boolean end = false;
    CodedInputStream in = body.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (isEnvelope(tag, Appended.ENVELOPES_FIELD_NUMBER)) {
        envelopes.add(envelope(in, envelopes.size()));
      } else if (tag == tag(Appended.LOG_ID_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
        logId = new LogId(in.readBytes());
      } else if (tag == tag(Appended.NEXT_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT)) {
        next = count(in.readUInt64());
      } else if (tag == tag(Appended.END_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT)) {
        end = in.readBool();
      } else {
        skip(in, tag);
      }
    }
    require(!logId.bytes().equals(NO_LOG), "an answer to a resume names no log");
    return new Raw.AppendedRaw(logId, envelopes, next, end);
  }

  private static final ByteString NO_LOG = ByteString.copyFrom(new byte[LogId.SIZE_BYTES]);

  /// A copy: an envelope is kept for long, the frame around it is not.
  private static ByteString envelope(CodedInputStream in, int before)
      throws IOException, MalformedFrame {
    require(before < TransportLimits.ENVELOPES_PER_FRAME, "a frame has too many statements");
    return in.readBytes();
  }

  private static boolean isEnvelope(int tag, int field) {
    return tag == tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  private static List<StatementId> ids(List<ByteString> bytes) throws MalformedFrame {
    require(bytes.size() <= TransportLimits.IDS_PER_FRAME, "a frame has too many ids");
    List<StatementId> ids = new ArrayList<>(bytes.size());
    for (ByteString id : bytes) {
      ids.add(StatementId.fromBytes(id));
    }
    return ids;
  }

  private static long count(long value) throws MalformedFrame {
    require(value >= 0, "a count in a frame is beyond all reason");
    return value;
  }

  private static String text(String text) throws MalformedFrame {
    require(
        ByteString.copyFromUtf8(text).size() <= TransportLimits.TEXT_BYTES
            && Words.isPrintable(text),
        "a text in a frame is too long or not printable");
    return text;
  }

  private static void require(boolean condition, String otherwise) throws MalformedFrame {
    if (!condition) {
      throw new MalformedFrame(otherwise);
    }
  }
}
