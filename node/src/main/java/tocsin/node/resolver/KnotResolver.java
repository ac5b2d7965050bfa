package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;

/// A Knot Resolver, 5.x, driven by its control sockets.
///
/// It transfers no zones: the overlay is written to a file, complete, renamed into place, and
/// loaded into each of its processes by the control socket. The file is what a process that starts
/// without the node goes by, where the configuration says so. Corrections live in its processes
/// only; those that have started anew get them again at the next reading of the serial.
public final class KnotResolver implements Resolver {
  private final String name;
  private final KnotControl control;
  private final OverlayFile file;
  private final Probing probing;
  private final FlushQueue flushes = new FlushQueue(this::flushNow);

  private volatile @Nullable OverlayZone offered;

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
    this.file = new OverlayFile(rpzFile);
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void offer(OverlayZone overlay) {
    offered = overlay;
  }

  @Override
  public synchronized OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    OverlayZone overlay = offered;
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
      requireOk(run(KnotScript.load(file.path(), overlay.serial())));
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
    for (var stub : List.copyOf(stubs.entrySet())) {
      DnsName zone = stub.getKey();
      try {
        putStub(zone, stub.getValue());
        flush(zone);
      } catch (KeptException e) {
        // It started with a new configuration; the next correction will say so.
        stubs.remove(zone);
      }
    }
    for (DnsName zone : insecure) {
      requireOk(run(KnotScript.insecure(zone, true)));
      flush(zone);
    }
  }

  private void write(OverlayZone overlay) throws ResolverException {
    try {
      file.write(overlay.forKnot().masterFile());
    } catch (ResolverException e) {
      throw new ResolverException("resolver " + name + ": " + e.getMessage(), e);
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
    putStub(zone, addresses);
    stubs.put(zone, addresses);
  }

  private void putStub(DnsName zone, List<String> addresses) throws ResolverException {
    List<String> answers = run(KnotScript.stub(zone, addresses));
    if (answers.contains(KnotScript.KEPT)) {
      stubs.remove(zone);
      // Ours may be older than the operator's, or be in a process without it.
      requireOk(run(KnotScript.removeStub(zone)));
      throw new KeptException(name, "a rule for " + zone);
    }
    requireOk(answers);
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
            "resolver "
                + name
                + " answered \""
                + UnboundControl.shown(answer)
                + "\" instead of ok");
      }
    }
  }

  @Override
  public void close() {
    // One connection per command: there is nothing to give back.
  }
}
