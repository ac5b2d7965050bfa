package tocsin.node.resolver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;

/// A Knot Resolver, 5.x, driven by its control sockets.
///
/// It transfers no zones: the overlay is written to a file, complete, renamed into place, and loaded
/// into each of its processes by the control socket. The file is what a process that starts without
/// the node goes by, where the configuration says so. Corrections live in its processes only; those
/// that have started anew get them again at the next reading of the serial.
public final class KnotResolver implements Resolver {
  private final String name;
  private final KnotControl control;
  private final Path rpzFile;
  private final Probing probing;
  private final FlushQueue flushes = new FlushQueue(this::flushNow);

  private volatile @Nullable OverlayText offered;

  /// What is in the file already.
  private @Nullable OverlayText written;

  /// What its processes were told, for those that start anew.
  private final TreeMap<DnsName, List<String>> stubs = new TreeMap<>();

  private final TreeSet<DnsName> insecure = new TreeSet<>();

  /// @param name as the operator calls it
  /// @param address where it answers DNS questions
  /// @param control its control socket, or the folder with those of all its processes
  /// @param rpzFile where the overlay is written for it; it must be able to read it
  public KnotResolver(String name, InetSocketAddress address, Path control, Path rpzFile) {
    this.name = name;
    this.control = new KnotControl(control);
    this.rpzFile = rpzFile;
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void offer(OverlayText overlay) {
    offered = overlay;
  }

  @Override
  public synchronized OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    OverlayText overlay = offered;
    if (overlay == null) {
      var _ = run(KnotScript.serial());
      return OptionalLong.empty();
    }
    write(overlay);
    String expected = Long.toString(overlay.serial());
    List<String> held = run(KnotScript.serial());
    if (held.contains("0")) {
      // A process that has started anew knows nothing of what the others were told.
      repeatCorrections();
    }
    if (!held.stream().allMatch(expected::equals)) {
      requireOk(run(KnotScript.load(rpzFile.toAbsolutePath(), overlay.serial())));
      held = run(KnotScript.serial());
    }
    if (!held.stream().allMatch(expected::equals)) {
      throw new ResolverException(
          "resolver "
              + name
              + " tells of its overlay zone what we cannot read: "
              + UnboundControl.shown(held.toString()));
    }
    return OptionalLong.of(overlay.serial());
  }

  private void repeatCorrections() throws ResolverException {
    for (var stub : stubs.entrySet()) {
      requireOk(run(KnotScript.stub(stub.getKey(), stub.getValue())));
    }
    for (DnsName zone : insecure) {
      requireOk(run(KnotScript.insecure(zone, true)));
    }
  }

  /// Complete and on the disk before it takes the old one's place: a crash leaves the one or the
  /// other.
  private void write(OverlayText overlay) throws ResolverException {
    if (overlay.equals(written) && Files.exists(rpzFile)) {
      return;
    }
    Path draft = rpzFile.resolveSibling("." + rpzFile.getFileName() + ".tocsin");
    try {
      Files.deleteIfExists(draft);
      // The resolver runs as another user, and the zone is no secret.
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(
                  PosixFilePermissions.fromString("rw-r--r--")))) {
        ByteBuffer bytes = ByteBuffer.wrap(overlay.text().getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(draft, rpzFile, StandardCopyOption.ATOMIC_MOVE);
      written = overlay;
    } catch (IOException e) {
      String reason =
          switch (e) {
            case NoSuchFileException _ -> "there is no such folder";
            case AccessDeniedException _ -> "this user may not";
            default -> UnboundControl.shown(String.valueOf(e.getMessage()));
          };
      throw new ResolverException(
          "resolver " + name + ": the overlay cannot be written to " + rpzFile + ": " + reason, e);
    }
  }

  @Override
  public void flush(DnsName flushed) throws ResolverException {
    flushes.flush(flushed);
  }

  private void flushNow(DnsName flushed) throws ResolverException {
    requireOk(run(KnotScript.clear(flushed)));
  }

  @Override
  public synchronized void correctNameServers(DnsName zone, List<InetAddress> servers)
      throws ResolverException {
    List<String> addresses = CorrectAddresses.of(servers);
    var _ = run(KnotScript.serial());
    requireOk(run(KnotScript.stub(zone, addresses)));
    stubs.put(zone, addresses);
  }

  @Override
  public synchronized void clearNameServers(DnsName zone) throws ResolverException {
    stubs.remove(zone);
    var _ = run(KnotScript.serial());
    requireOk(run(KnotScript.removeStub(zone)));
  }

  @Override
  public synchronized void setInsecure(DnsName zone) throws ResolverException {
    var _ = run(KnotScript.serial());
    requireOk(run(KnotScript.insecure(zone, true)));
    insecure.add(zone);
  }

  @Override
  public synchronized void clearInsecure(DnsName zone) throws ResolverException {
    insecure.remove(zone);
    var _ = run(KnotScript.serial());
    requireOk(run(KnotScript.insecure(zone, false)));
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  private List<String> run(String lua) throws ResolverException {
    try {
      return control.run(lua);
    } catch (ResolverException e) {
      throw new ResolverException("resolver " + name + ": " + e.getMessage(), e);
    }
  }

  private void requireOk(List<String> answers) throws ResolverException {
    for (String answer : answers) {
      if (!answer.equals("ok")) {
        throw new ResolverException(
            "resolver " + name + " answered \"" + UnboundControl.shown(answer) + "\" instead of ok");
      }
    }
  }

  @Override
  public void close() {
    // One connection per command: there is nothing to give back.
  }
}
