package tocsin.node.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
import tocsin.trust.Envelope;
import tocsin.trust.StatementId;

/// Frames as bytes. Envelopes go out exactly as they came in.
final class FrameWriter {
  /// Room for an envelope list's own fields and framing within a frame.
  private static final int LIST_OVERHEAD_BYTES = 128;

  private FrameWriter() {}

  /// The frame as one message, or as several where what it lists is too much for one.
  ///
  /// @throws IllegalArgumentException if it cannot be cut and is over the limit: the core made it
  ///   too large
  static List<ByteString> write(Frame frame) {
    return switch (frame) {
      case Frame.Push push -> pushes(push);
      case Frame.Announce it ->
          ids(it.ids(), part -> of().setAnnounce(Announce.newBuilder().addAllIds(part)));
      case Frame.Pull it -> ids(it.ids(), part -> of().setPull(Pull.newBuilder().addAllIds(part)));
      case Frame.Compare it -> one(of().setCompare(compare(it)));
      case Frame.Symbols it ->
          one(
              of().setSymbols(
                      Symbols.newBuilder()
                          .setDigest(digest(it.digest()))
                          .setSymbols(it.symbols())));
      case Frame.Want it -> one(of().setWant(Want.newBuilder().setCuts(ShortIds.write(it.cuts()))));
      case Frame.Appended appended -> List.of(appended(appended));
      case Frame.Hello hello -> one(of().setHello(hello(hello)));
      case Frame.Digests digests -> one(of().setDigest(digest(digests)));
      case Frame.Resume resume ->
          one(
              of().setResume(
                      Resume.newBuilder()
                          .setLogId(resume.logId().bytes())
                          .setIndex(resume.index())));
      case Frame.Refused refused ->
          one(
              of().setRefused(
                      Refused.newBuilder()
                          .setId(refused.id().toByteString())
                          .setReason(
                              Words.printable(refused.reason(), TransportLimits.TEXT_BYTES))));
      case Frame.Checkpoint it -> one(of().setCheckpoint(checkpoint(it)));
      case Frame.Witnessed it -> one(of().setWitnessed(witnessed(it)));
      case Frame.Wish wish ->
          one(of().setWish(Wish.newBuilder().setEager(wish.eager()).setChoked(wish.choked())));
      case Frame.Ping ping -> one(of().setPing(Ping.newBuilder().setNonce(ping.nonce())));
      case Frame.Pong pong -> one(of().setPong(Pong.newBuilder().setNonce(pong.nonce())));
    };
  }

  private static Checkpoint checkpoint(Frame.Checkpoint frame) {
    Checkpoint.Builder to =
        Checkpoint.newBuilder()
            .setNote(frame.note().toBytes())
            .setNode(frame.node().key())
            .setOldSize(frame.oldSize());
    frame.proof().forEach(hash -> to.addProof(hash.toByteString()));
    return to.build();
  }

  private static Witnessed witnessed(Frame.Witnessed frame) {
    Witnessed.Builder to =
        Witnessed.newBuilder().setLogId(frame.log().bytes()).setSize(frame.size());
    frame
        .cosignature()
        .ifPresent(it -> to.setName(it.name()).setKeyId(it.keyId()).setSignature(it.value()));
    return to.build();
  }

  private static tocsin.proto.Frame.Builder of() {
    return tocsin.proto.Frame.newBuilder();
  }

  private static List<ByteString> one(tocsin.proto.Frame.Builder frame) {
    ByteString bytes = frame.build().toByteString();
    requireFits(bytes.size());
    return List.of(bytes);
  }

  private static void requireFits(int sizeBytes) {
    if (sizeBytes > TransportLimits.FRAME_BYTES) {
      throw new IllegalArgumentException(
          "a frame of " + sizeBytes + " bytes; the limit is " + TransportLimits.FRAME_BYTES);
    }
  }

  private static List<ByteString> ids(
      List<StatementId> ids, Function<List<ByteString>, tocsin.proto.Frame.Builder> frame) {
    List<ByteString> bytes = ids.stream().map(StatementId::toByteString).toList();
    List<ByteString> frames = new ArrayList<>();
    for (int from = 0; from < bytes.size(); from += TransportLimits.IDS_PER_FRAME) {
      int to = Math.min(bytes.size(), from + TransportLimits.IDS_PER_FRAME);
      frames.addAll(one(frame.apply(bytes.subList(from, to))));
    }
    return frames;
  }

  private static Hello hello(Frame.Hello hello) {
    Hello.Builder to =
        Hello.newBuilder()
            .setVersionMin(hello.versionMin())
            .setVersionMax(hello.versionMax())
            .setNetwork(hello.network().bytes())
            .setOrganization(hello.organization().toByteString())
            .setLogId(hello.logId().bytes())
            .setSoftware(Words.printable(hello.software(), TransportLimits.TEXT_BYTES))
            .setAddress(hello.address());
    hello.anchors().forEach(anchor -> to.addAnchors(anchor.toByteString()));
    return to.build();
  }

  private static Digest digest(Frame.Digests digests) {
    Digest.Builder to = Digest.newBuilder().setLogSize(digests.logSize());
    digests.anchors().forEach(digest -> to.addAnchors(digest(digest)));
    return to.build();
  }

  private static AnchorDigest digest(Frame.AnchorDigest digest) {
    return AnchorDigest.newBuilder()
        .setAnchor(digest.anchor().toByteString())
        .setCount(digest.count())
        .setSum(digest.sum().toByteString())
        .build();
  }

  private static Compare compare(Frame.Compare frame) {
    return Compare.newBuilder()
        .setAnchor(frame.anchor().toByteString())
        .setCount(frame.count())
        .setSketch(frame.sketch())
        .setLeast(frame.least())
        .build();
  }

  private static List<ByteString> pushes(Frame.Push frame) {
    List<Envelope> envelopes = frame.envelopes();
    ByteString hops = Push.newBuilder().setHops(frame.hops()).build().toByteString();
    List<ByteString> frames = new ArrayList<>();
    int from = 0;
    int sizeBytes = LIST_OVERHEAD_BYTES;
    for (int i = 0; i < envelopes.size(); i++) {
      int more = listed(envelopes.get(i), Push.ENVELOPES_FIELD_NUMBER);
      if (i > from && sizeBytes + more > TransportLimits.FRAME_BYTES) {
        frames.add(push(hops, envelopes.subList(from, i)));
        from = i;
        sizeBytes = LIST_OVERHEAD_BYTES;
      }
      sizeBytes += more;
    }
    if (from < envelopes.size()) {
      frames.add(push(hops, envelopes.subList(from, envelopes.size())));
    }
    return frames;
  }

  private static ByteString push(ByteString hops, List<Envelope> envelopes) {
    return frame(
        tocsin.proto.Frame.PUSH_FIELD_NUMBER, hops, envelopes, Push.ENVELOPES_FIELD_NUMBER);
  }

  private static ByteString appended(Frame.Appended appended) {
    ByteString rest =
        Appended.newBuilder()
            .setLogId(appended.logId().bytes())
            .setNext(appended.next())
            .setEnd(appended.end())
            .build()
            .toByteString();
    return frame(
        tocsin.proto.Frame.APPENDED_FIELD_NUMBER,
        rest,
        appended.envelopes(),
        Appended.ENVELOPES_FIELD_NUMBER);
  }

  /// A frame whose one arm is `rest` and then, field by field, the envelopes.
  private static ByteString frame(
      int arm, ByteString rest, List<Envelope> envelopes, int envelopeField) {
    int armBytes = rest.size();
    for (Envelope envelope : envelopes) {
      armBytes += listed(envelope, envelopeField);
    }
    int sizeBytes =
        CodedOutputStream.computeTagSize(arm)
            + CodedOutputStream.computeUInt32SizeNoTag(armBytes)
            + armBytes;
    requireFits(sizeBytes);
    byte[] bytes = new byte[sizeBytes];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(arm, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(armBytes);
      out.writeRawBytes(rest);
      for (Envelope envelope : envelopes) {
        out.writeBytes(envelopeField, envelope.wire());
      }
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("an array is no device that fails", e);
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static int listed(Envelope envelope, int field) {
    return CodedOutputStream.computeBytesSize(field, envelope.wire());
  }
}
