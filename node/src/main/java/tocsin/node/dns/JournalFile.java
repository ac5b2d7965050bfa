package tocsin.node.dns;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// The versions of one zone on disk, so that a resolver that was away while the node restarted is
/// still given differences. Belongs to one thread.
///
/// A line that says whose journal it is, then frames: length and CRC-32C of what follows, each 32
/// bits, then either a whole version of the zone or a difference, in a form of our own. Differences
/// before the whole version are the past; those after it are applied to it.
///
/// It is a memory aid, never the truth: what is damaged, cut off by a crash or not ours is left out
/// with everything after it, and a resolver that holds a serial which is then unknown takes the
/// whole zone. So nothing is synced here; that the serial does not go back is the log's business.
/// When the disk is full the journal is given up until it can be written anew.
final class JournalFile {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);
  private static final String FORMAT = "tocsin zone journal 1";
  private static final byte WHOLE = 1;
  private static final byte DIFFERENCE = 2;
  private static final int FRAME_HEAD_BYTES = 8;

  private final Path file;
  private final Name origin;
  private final Soa authority;
  private final String headLine;

  /// What was written whole, and what was appended since.
  private long wholeBytes;

  private long appendedBytes;

  /// Nothing can be appended: the file is not there, or ends in the middle of a frame.
  private boolean broken = true;

  JournalFile(Path file, Name origin, Soa authority) {
    this.file = file;
    this.origin = origin;
    this.authority = authority;
    // Another name or other times in the SOA: differences of old would not fit.
    this.headLine = FORMAT + " " + authority.at(origin, new Serial(0)) + "\n";
  }

  /// The last version and its past, as far as they are there. To be called before [#append].
  Optional<VersionedZone> load() {
    byte[] bytes;
    try {
      if (Files.size(file) > Limits.JOURNAL_FILE_BYTES) {
        LOG.warn("{} is larger than any journal of ours and is not read", file);
        return Optional.empty();
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} cannot be read: resolvers will take the whole zone once ({})", file, e);
      return Optional.empty();
    }
    byte[] head = headLine.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < head.length
        || !java.util.Arrays.equals(bytes, 0, head.length, head, 0, head.length)) {
      LOG.info("{} is of another zone or version and begins anew", file);
      return Optional.empty();
    }
    Replay replay = new Replay();
    int good = replay.run(ByteBuffer.wrap(bytes, head.length, bytes.length - head.length).slice());
    broken = head.length + good < bytes.length;
    if (broken) {
      LOG.info("{} is cut off or damaged from byte {} on", file, head.length + good);
    }
    appendedBytes = bytes.length;
    return replay.version();
  }

  /// Keeps a version. What is kept so far must end where its last difference begins; if it does
  /// not, the journal begins anew.
  void append(VersionedZone version, boolean follows) {
    Optional<ZoneDifference> last = version.journal().last();
    try {
      if (broken || !follows || last.isEmpty() || isOverfull()) {
        rewrite(version);
        return;
      }
      ByteBuffer frame = frame(difference(last.get()));
      appendedBytes += frame.remaining();
      broken = true;
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
        writeFully(channel, frame);
      }
      broken = false;
    } catch (IOException e) {
      broken = true;
      LOG.warn(
          "{} cannot be written: after a restart resolvers will take the whole zone ({})",
          file,
          e.toString());
    }
  }

  private boolean isOverfull() {
    return appendedBytes > Math.max(Limits.JOURNAL_GROWTH_BYTES, 2 * wholeBytes);
  }

  private void rewrite(VersionedZone version) throws IOException {
    broken = true;
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    long written = 0;
    try (FileChannel channel =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      written += writeFully(channel, ByteBuffer.wrap(headLine.getBytes(StandardCharsets.UTF_8)));
      for (ZoneDifference each : version.journal().differences()) {
        written += writeFully(channel, frame(difference(each)));
      }
      written += writeFully(channel, frame(whole(version.zone())));
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    wholeBytes = written;
    appendedBytes = 0;
    broken = false;
  }

  private static long writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    long bytes = buffer.remaining();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    return bytes;
  }

  private static ByteBuffer frame(MessageWriter payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload.array(), 0, payload.position());
    ByteBuffer frame = ByteBuffer.allocate(FRAME_HEAD_BYTES + payload.position());
    frame.putInt(payload.position()).putInt((int) crc.getValue());
    frame.put(payload.array(), 0, payload.position());
    return frame.flip();
  }

  private static MessageWriter whole(Zone zone) {
    List<OwnerRecords> owners = zone.table().values();
    MessageWriter out = new MessageWriter(1 + 4 + sizeBytes(owners));
    out.u8(WHOLE);
    out.u32(zone.serial().value());
    write(owners, out);
    return out;
  }

  private static MessageWriter difference(ZoneDifference difference) {
    MessageWriter out =
        new MessageWriter(1 + 8 + sizeBytes(difference.removed()) + sizeBytes(difference.added()));
    out.u8(DIFFERENCE);
    out.u32(difference.from().value());
    out.u32(difference.to().value());
    write(difference.removed(), out);
    write(difference.added(), out);
    return out;
  }

  private static int sizeBytes(List<OwnerRecords> owners) {
    int bytes = 4;
    for (OwnerRecords owner : owners) {
      bytes += 1 + owner.owner().length + 2;
      for (RecordSet set : owner.sets()) {
        // Owner pointer and class of each record are not written.
        bytes += 8 + set.sizeBytes();
      }
    }
    return bytes;
  }

  private static void write(List<OwnerRecords> owners, MessageWriter out) {
    out.u32(owners.size());
    for (OwnerRecords owner : owners) {
      out.u8(owner.owner().length);
      out.bytes(owner.owner());
      out.u16(owner.sets().size());
      for (RecordSet set : owner.sets()) {
        out.u16(set.type());
        out.u32(set.ttlSeconds());
        out.u16(set.count());
        for (byte[] rdata : set.rdatas()) {
          out.u16(rdata.length);
          out.bytes(rdata);
        }
      }
    }
  }

  /// Reads the frames one after another, as far as they are good and fit together.
  private final class Replay {
    private final List<ZoneDifference> past = new ArrayList<>();
    private final Set<Record> records = new HashSet<>();
    private Optional<Serial> whole = Optional.empty();

    /// Bytes that were good.
    int run(ByteBuffer in) {
      int good = 0;
      while (in.remaining() >= FRAME_HEAD_BYTES) {
        int length = in.getInt();
        int crc = in.getInt();
        if (length < 1 || length > in.remaining()) {
          break;
        }
        ByteBuffer payload = in.slice(in.position(), length);
        CRC32C computed = new CRC32C();
        computed.update(payload.duplicate());
        if ((int) computed.getValue() != crc || !take(payload)) {
          break;
        }
        in.position(in.position() + length);
        good = in.position();
      }
      return good;
    }

    private boolean take(ByteBuffer payload) {
      if (payload.get() == WHOLE) {
        Serial serial = serial(payload);
        if (whole.isPresent() || (!past.isEmpty() && !past.getLast().to().equals(serial))) {
          return false;
        }
        addAll(owners(payload));
        whole = Optional.of(serial);
        return true;
      }
      Serial from = serial(payload);
      Serial to = serial(payload);
      if (!past.isEmpty()
          ? !past.getLast().to().equals(from)
          : !whole.map(from::equals).orElse(true)) {
        return false;
      }
      List<OwnerRecords> removed = owners(payload);
      List<OwnerRecords> added = owners(payload);
      past.add(ZoneDifference.of(origin, authority, from, to, removed, added));
      if (whole.isPresent()) {
        for (OwnerRecords each : removed) {
          Name owner = Names.fromWire(each.owner());
          each.sets().forEach(set -> set.records(owner).forEach(records::remove));
        }
        addAll(added);
        whole = Optional.of(to);
      }
      return true;
    }

    private void addAll(List<OwnerRecords> owners) {
      for (OwnerRecords each : owners) {
        Name owner = Names.fromWire(each.owner());
        for (RecordSet set : each.sets()) {
          // The zone has its own.
          if (set.type() != Type.NS) {
            records.addAll(set.records(owner));
          }
        }
      }
    }

    private static Serial serial(ByteBuffer in) {
      return new Serial(Integer.toUnsignedLong(in.getInt()));
    }

    private static List<OwnerRecords> owners(ByteBuffer in) {
      int count = in.getInt();
      List<OwnerRecords> owners = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] owner = bytes(in, in.get() & 0xff);
        int sets = Short.toUnsignedInt(in.getShort());
        List<RecordSet> all = new ArrayList<>(sets);
        for (int j = 0; j < sets; j++) {
          int type = Short.toUnsignedInt(in.getShort());
          long ttl = Integer.toUnsignedLong(in.getInt());
          int rdatas = Short.toUnsignedInt(in.getShort());
          List<byte[]> data = new ArrayList<>(rdatas);
          for (int k = 0; k < rdatas; k++) {
            data.add(bytes(in, Short.toUnsignedInt(in.getShort())));
          }
          all.add(RecordSet.of(type, ttl, data));
        }
        owners.add(new OwnerRecords(owner, all));
      }
      return owners;
    }

    private static byte[] bytes(ByteBuffer in, int length) {
      byte[] bytes = new byte[length];
      in.get(bytes);
      return bytes;
    }

    Optional<VersionedZone> version() {
      return whole.map(serial -> {
        ZoneJournal journal = ZoneJournal.EMPTY;
        for (ZoneDifference each : past) {
          journal = journal.plus(each);
        }
        return new VersionedZone(Zone.of(origin, authority, serial, records), journal);
      });
    }
  }
}
