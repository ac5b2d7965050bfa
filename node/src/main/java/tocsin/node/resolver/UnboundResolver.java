package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import tocsin.trust.DnsName;

/// An unbound, 1.17 or later, driven by its control channel.
///
/// It must have the overlay zone in an `rpz:` clause with this node as primary, and `respip` in its
/// `module-config:`.
public final class UnboundResolver implements Resolver {
  private final String name;
  private final UnboundControl control;
  private final Probing probing;

  /// Whether it has answered since it was last away.
  private volatile boolean met;

  private final FlushQueue flushes = new FlushQueue(this::flushNow);

  /// @param name as the operator calls it
  /// @param address where it answers DNS questions
  /// @param control its control channel
  public UnboundResolver(String name, InetSocketAddress address, UnboundControl control) {
    this.name = name;
    this.control = control;
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    if (!met) {
      // It may have slept through a NOTIFY. One that has no such zone says "error", and then again
      // below.
      transfer(rpzZone);
    }
    OptionalLong held = readSerial(rpzZone);
    met = true;
    return held;
  }

  private void transfer(DnsName rpzZone) {
    try {
      var _ = control.run("auth_zone_transfer " + rpzZone);
    } catch (ResolverException e) {
      // What is wrong is told by the reading of the serial that follows.
    }
  }

  private OptionalLong readSerial(DnsName rpzZone) throws ResolverException {
    // One line a zone: "alert.rpz.\tserial 1764000000", "...\tno serial" before the first transfer,
    // "...\texpired".
    for (String line : run("list_auth_zones").lines().toList()) {
      int tab = line.indexOf('\t');
      if (tab < 0 || !rpzZone.toString().equalsIgnoreCase(line.substring(0, tab))) {
        continue;
      }
      String state = line.substring(tab + 1).strip();
      if (state.equals("no serial") || state.equals("expired")) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(serial(state));
    }
    throw new ResolverException(
        "resolver " + name + " has no zone " + rpzZone + ": its rpz: clause is missing");
  }

  private long serial(String state) throws ResolverException {
    if (state.startsWith("serial ")) {
      try {
        long serial = Long.parseLong(state.substring("serial ".length()));
        if (serial >= 0 && serial <= 0xffff_ffffL) {
          return serial;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
    }
    throw new ResolverException(
        "resolver "
            + name
            + " tells of its overlay zone what we cannot read: "
            + UnboundControl.shown(state));
  }

  @Override
  public void flush(DnsName flushed) throws ResolverException {
    flushes.flush(flushed);
  }

  private void flushNow(DnsName flushed) throws ResolverException {
    requireOk(run("flush_zone " + flushed));
  }

  @Override
  public void correctNameServers(DnsName zone, List<InetAddress> servers) throws ResolverException {
    Set<String> wanted = new HashSet<>(CorrectAddresses.of(servers));
    requireOk(run("stub_add " + zone + " " + String.join(" ", wanted)));
    Optional<Set<String>> held = stub(zone);
    if (held.isEmpty() || !held.get().equals(wanted)) {
      throw new ResolverException(
          "resolver " + name + " took the name servers of " + zone + " but does not list them");
    }
  }

  @Override
  public void clearNameServers(DnsName zone) throws ResolverException {
    // Never "+i": it was not added with it, and would remove a negative trust anchor of the
    // operator's.
    requireOk(run("stub_remove " + zone));
    if (stub(zone).isPresent()) {
      throw new ResolverException(
          "resolver " + name + " removed the name servers of " + zone + " but still lists them");
    }
  }

  /// Addresses of the stub at this zone: lines are "checkfree.test. IN stub noprime 127.0.53.11
  /// 127.0.53.12".
  private Optional<Set<String>> stub(DnsName zone) throws ResolverException {
    for (String line : run("list_stubs").lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+", -1));
      if (words.size() > 3
          && words.get(0).equalsIgnoreCase(zone.toString())
          && words.get(2).equals("stub")) {
        return Optional.of(new HashSet<>(words.subList(4, words.size())));
      }
    }
    return Optional.empty();
  }

  @Override
  public void setInsecure(DnsName zone) throws ResolverException {
    requireOk(run("insecure_add " + zone));
  }

  @Override
  public void clearInsecure(DnsName zone) throws ResolverException {
    requireOk(run("insecure_remove " + zone));
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  private String run(String command) throws ResolverException {
    try {
      return control.run(command);
    } catch (ResolverException e) {
      met = false;
      throw new ResolverException("resolver " + name + ": " + e.getMessage(), e);
    }
  }

  private void requireOk(String answer) throws ResolverException {
    if (!answer.startsWith("ok")) {
      throw new ResolverException(
          "resolver " + name + " answered \"" + UnboundControl.shown(answer) + "\" instead of ok");
    }
  }

  @Override
  public void close() {
    // One connection per command: there is nothing to give back.
  }
}
