package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import tocsin.trust.DnsName;

/// An unbound, 1.17 or later, driven by its control channel.
///
/// It must have the overlay zone in an `rpz:` clause with this node as primary, and `respip` in its
/// `module-config:`.
public final class UnboundResolver implements Resolver {
  /// A name server without addresses that each stub of ours lists beside the right ones: by it
  /// stubs are known as ours, after a crash of the node, too. It exists nowhere (RFC 6761), and
  /// unbound has no need of it while it has addresses.
  private static final String MARK = "tocsin.invalid.";

  private final String name;
  private final UnboundControl control;
  private final Probing probing;

  /// Whether it has answered since it was last away.
  private volatile boolean met;

  /// What it was told and may have lost since.
  private final Map<DnsName, List<String>> corrected = new ConcurrentSkipListMap<>();

  private final Set<DnsName> insecure = new ConcurrentSkipListSet<>();

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
    repeatLostCorrections();
    met = true;
    return held;
  }

  /// An unbound that was restarted has lost them, and may be back before anybody notices.
  private void repeatLostCorrections() throws ResolverException {
    for (Map.Entry<DnsName, List<String>> correction : corrected.entrySet()) {
      DnsName zone = correction.getKey();
      if (stub(zone).isEmpty() && ownedBy(zone).isEmpty()) {
        requireOk(run(stubAdd(zone, correction.getValue())));
        flush(zone);
      }
    }
    if (!insecure.isEmpty()) {
      Set<String> listed = listedInsecure();
      for (DnsName zone : insecure) {
        if (!listed.contains(zone.toString())) {
          addInsecure(zone);
          flush(zone);
        }
      }
    }
  }

  private static String stubAdd(DnsName zone, List<String> addresses) {
    return "stub_add " + zone + " " + MARK + " " + String.join(" ", addresses);
  }

  /// Lines are "checkfree.test.", in no order; none if it does not validate.
  private Set<String> listedInsecure() throws ResolverException {
    return run("list_insecure")
        .lines()
        .map(line -> line.strip().toLowerCase(Locale.ROOT))
        .collect(Collectors.toSet());
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
    List<String> addresses = CorrectAddresses.of(servers);
    Set<String> wanted = new HashSet<>(addresses);
    wanted.add(MARK);
    Optional<Set<String>> before = stub(zone);
    Optional<String> own =
        before.isPresent() && !isOurs(before.get())
            ? Optional.of("a stub zone " + zone)
            : ownedBy(zone);
    if (own.isPresent()) {
      corrected.remove(zone);
      throw new KeptException(name, own.get());
    }
    requireOk(run(stubAdd(zone, addresses)));
    Optional<Set<String>> held = stub(zone);
    if (held.isEmpty() || !held.get().equals(wanted)) {
      throw new ResolverException(
          "resolver " + name + " took the name servers of " + zone + " but does not list them");
    }
    corrected.put(zone, addresses);
  }

  @Override
  public void clearNameServers(DnsName zone) throws ResolverException {
    corrected.remove(zone);
    if (stub(zone).filter(UnboundResolver::isOurs).isEmpty()) {
      return;
    }
    // Never "+i": it was not added with it, and would remove a negative trust anchor of the
    // operator's.
    requireOk(run("stub_remove " + zone));
    if (stub(zone).filter(UnboundResolver::isOurs).isPresent()) {
      throw new ResolverException(
          "resolver " + name + " removed the name servers of " + zone + " but still lists them");
    }
  }

  private static boolean isOurs(Set<String> servers) {
    return servers.contains(MARK);
  }

  /// What else the operator has at this zone that says who is asked about it.
  private Optional<String> ownedBy(DnsName zone) throws ResolverException {
    // "checkfree.test. IN forward 192.0.2.2": it takes precedence over a stub.
    if (isFirstWord(run("list_forwards"), zone)) {
      return Optional.of("a forward zone " + zone);
    }
    return isFirstWord(run("list_auth_zones"), zone)
        ? Optional.of("an auth zone " + zone)
        : Optional.empty();
  }

  private static boolean isFirstWord(String listing, DnsName zone) {
    return listing
        .lines()
        .anyMatch(line -> line.split("\\s", 2)[0].equalsIgnoreCase(zone.toString()));
  }

  /// Name servers and addresses of the stub at this zone: lines are "checkfree.test. IN stub
  /// noprime tocsin.invalid. 127.0.53.11 127.0.53.12".
  private Optional<Set<String>> stub(DnsName zone) throws ResolverException {
    for (String line : run("list_stubs").lines().toList()) {
      List<String> words = List.of(line.strip().split("\\s+", -1));
      if (words.size() > 3
          && words.get(0).equalsIgnoreCase(zone.toString())
          && words.get(2).equals("stub")) {
        // A "+i" comes first where the zone is insecure, too.
        Set<String> servers = new HashSet<>(words.subList(4, words.size()));
        servers.removeIf(word -> word.startsWith("+"));
        return Optional.of(servers);
      }
    }
    return Optional.empty();
  }

  @Override
  public void setInsecure(DnsName zone) throws ResolverException {
    Set<String> listed = listedInsecure();
    if (listed.contains(zone.toString()) && !listed.contains(InsecureMark.of(zone).toString())) {
      // The operator's own: it is insecure already, and stays so.
      insecure.remove(zone);
      return;
    }
    addInsecure(zone);
    // Without a validator there is no list, and nothing that could be lost.
    if (listedInsecure().contains(zone.toString())) {
      insecure.add(zone);
    }
  }

  private void addInsecure(DnsName zone) throws ResolverException {
    requireOk(run("insecure_add " + InsecureMark.of(zone)));
    requireOk(run("insecure_add " + zone));
  }

  @Override
  public void clearInsecure(DnsName zone) throws ResolverException {
    insecure.remove(zone);
    if (listedInsecure().contains(InsecureMark.of(zone).toString())) {
      requireOk(run("insecure_remove " + zone));
      requireOk(run("insecure_remove " + InsecureMark.of(zone)));
    }
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  @Override
  public List<String> advice() throws ResolverException {
    List<String> advice = new ArrayList<>();
    if (!run("get_option module-config").contains("respip")) {
      advice.add("module-config: needs respip, without which rpz: does nothing");
    }
    if (run("get_option serve-expired").startsWith("yes")
        && run("get_option serve-expired-client-timeout").strip().equals("0")) {
      advice.add(
          "with serve-expired: yes a rogue answer is given once more after a flush; set"
              + " serve-expired-client-timeout: 1800");
    }
    return advice;
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
