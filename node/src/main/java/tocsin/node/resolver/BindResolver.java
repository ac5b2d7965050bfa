package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xbill.DNS.Type;
import tocsin.trust.DnsName;

/// A BIND, 9.18 or later, driven by its control channel with the key and address that its `rndc`
/// command names; where that says more than we understand, by running the command.
///
/// It must have the overlay zone as a secondary in `response-policy`, with `min-update-interval 0`
/// (the default waits a minute) and `break-dnssec yes`; and `allow-new-zones yes`, without which
/// name servers cannot be corrected.
public final class BindResolver implements Resolver {
  private static final int SOA_FIELDS = 7;
  private static final int SOA_SERIAL = 2;
  private static final String HALF_ADDED = "half added";
  private static final String BUILT_IN = "built in";

  /// A limit that no static-stub zone comes near to, for it holds one name. Zones of ours are known
  /// by it, in another life of the node, too; the number is the day on which CheckFree was
  /// hijacked.
  private static final String MARK = "max-records 20081202;";

  private final String name;
  private final Program rndc;
  private final Probing probing;

  /// Whether it has answered since it was last away.
  private volatile boolean met;

  /// The serial that is served now; -1: not known.
  private volatile long offered = -1;

  /// Since when it has held an older one, by the monotonic clock; 0: it does not.
  private volatile long behindSinceNanos;

  private final FlushQueue flushes = new FlushQueue(this::flushNow);

  /// @param name as the operator calls it
  /// @param address where it answers DNS questions
  /// @param rndc the command with the options that reach this BIND
  public BindResolver(String name, InetSocketAddress address, Program rndc) {
    this.name = name;
    this.rndc = rndc;
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    if (!met) {
      // It may have slept through a NOTIFY, and asks by itself only when the zone's refresh is
      // over:
      // measured after a restart, with the old zone from its file.
      var _ = run("refresh", rpzZone.toString());
    }
    OptionalLong held = readSerial(rpzZone);
    met = held.isEmpty() || !isStuck(held.getAsLong());
    return held;
  }

  /// It has held an older zone than is served for longer than a transfer takes: it was restarted so
  /// quickly that nobody noticed and has the zone from its file, or a NOTIFY was lost. It is told
  /// to ask at the next reading, because by itself it would do so after five minutes (its
  /// `min-refresh-time`).
  private boolean isStuck(long held) {
    long now = System.nanoTime() | 1;
    if (offered < 0 || (int) (held - offered) >= 0) {
      behindSinceNanos = 0;
    } else if (behindSinceNanos == 0) {
      behindSinceNanos = now;
    } else if (now - behindSinceNanos > ResolverLimits.BEHIND.toNanos()) {
      behindSinceNanos = now;
      return true;
    }
    return false;
  }

  @Override
  public void offer(OverlayZone overlay) {
    offered = overlay.serial();
  }

  /// By a question for its SOA where it answers that (a tenth of a millisecond, where a process of
  /// `rndc` takes ten, and much longer on a busy machine), else by its control channel, which says
  /// what is wrong.
  private OptionalLong readSerial(DnsName rpzZone) throws ResolverException {
    OptionalLong asked = askSerial(rpzZone);
    return asked.isPresent() ? asked : controlledSerial(rpzZone);
  }

  private OptionalLong askSerial(DnsName rpzZone) {
    try {
      List<String> soa = probing.probe(new Question(rpzZone, Type.SOA)).texts();
      return soa.isEmpty()
          ? OptionalLong.empty()
          : OptionalLong.of(serial(soa.getFirst().split(" ", SOA_FIELDS)[SOA_SERIAL]));
    } catch (ResolverException e) {
      // It may be slow or gone: its control channel knows.
      return OptionalLong.empty();
    }
  }

  private OptionalLong controlledSerial(DnsName rpzZone) throws ResolverException {
    Program.Output status = run("zonestatus", rpzZone.toString());
    if (!status.isOk()) {
      if (status.text().contains("zone not loaded")) {
        return OptionalLong.empty();
      }
      if (status.text().contains("no matching zone")) {
        throw new ResolverException(
            "resolver " + name + " has no zone " + rpzZone + ": its zone clause is missing");
      }
      throw refused("zonestatus", status);
    }
    for (String line : status.text().lines().toList()) {
      if (line.startsWith("serial: ")) {
        return OptionalLong.of(serial(line.substring("serial: ".length()).strip()));
      }
    }
    return OptionalLong.empty();
  }

  private long serial(String text) throws ResolverException {
    try {
      long serial = Long.parseLong(text);
      if (serial >= 0 && serial <= 0xffff_ffffL) {
        return serial;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new ResolverException(
        "resolver "
            + name
            + " tells of its overlay zone what we cannot read: "
            + UnboundControl.shown(text));
  }

  @Override
  public void flush(DnsName flushed) throws ResolverException {
    flushes.flush(flushed);
  }

  private void flushNow(DnsName flushed) throws ResolverException {
    requireOk("flushtree", run("flushtree", flushed.toString()));
  }

  @Override
  public void correctNameServers(DnsName zone, List<InetAddress> servers) throws ResolverException {
    String clause =
        "{ type static-stub; server-addresses { "
            + String.join("; ", CorrectAddresses.of(servers))
            + "; }; "
            + MARK
            + " };";
    String held = zoneClause(zone);
    if (held.equals(HALF_ADDED)) {
      requireOk("delzone", run("delzone", zone.toString()));
      held = "";
    }
    if (held.isEmpty()) {
      requireOk("addzone", run("addzone", zone.toString(), clause));
    } else if (!isOurs(held)) {
      throw new KeptException(name, "a zone " + zone);
    } else if (!clauseOf(held).equals(clauseOf(clause))) {
      // Not "modzone": it is taken and listed, and the old servers are asked all the same
      // (9.18.49).
      requireOk("delzone", run("delzone", zone.toString()));
      requireOk("addzone", run("addzone", zone.toString(), clause));
    }
    if (!clauseOf(zoneClause(zone)).equals(clauseOf(clause))) {
      throw new ResolverException(
          "resolver " + name + " took the name servers of " + zone + " but does not list them");
    }
  }

  @Override
  public void clearNameServers(DnsName zone) throws ResolverException {
    String held = zoneClause(zone);
    if (!isOurs(held) && !held.equals(HALF_ADDED)) {
      return;
    }
    // Never "-clean": it crashes named (9.18).
    requireOk("delzone", run("delzone", zone.toString()));
    if (isOurs(zoneClause(zone))) {
      throw new ResolverException(
          "resolver " + name + " removed the name servers of " + zone + " but still lists them");
    }
  }

  private static boolean isOurs(String clause) {
    return clause.contains("type static-stub;") && clause.contains(MARK);
  }

  /// From the brace on, blanks made even.
  private static String clauseOf(String zone) {
    int brace = zone.indexOf('{');
    return brace < 0 ? "" : zone.substring(brace).replaceAll("\\s+", " ").strip();
  }

  /// As BIND has it, `zone "checkfree.test" { type static-stub; ... };`; empty if there is none.
  /// [#HALF_ADDED] if an addition failed for want of room on its disk: BIND then has the zone in
  /// its memory, cannot show it, and refuses to add it until it is deleted (9.18.49). [#BUILT_IN]
  /// if it is a zone of BIND's own.
  private String zoneClause(DnsName zone) throws ResolverException {
    Program.Output shown = run("showzone", zone.toString());
    if (shown.isOk()) {
      return shown.text();
    }
    if (shown.text().contains("no matching zone") || shown.text().contains("not found")) {
      return "";
    }
    if (shown.text().contains("failed: failure")) {
      // Its own empty zones, such as 10.in-addr.arpa, cannot be shown either.
      return run("zonestatus", zone.toString()).text().contains("type: static-stub")
          ? HALF_ADDED
          : BUILT_IN;
    }
    throw refused("showzone", shown);
  }

  @Override
  public void setInsecure(DnsName zone) throws ResolverException {
    String listed = listedInsecure();
    if (isListed(listed, zone.toString()) && !isListed(listed, InsecureMark.of(zone).toString())) {
      // The operator's own: it is insecure already, and stays so until that one ends.
      return;
    }
    addInsecure(InsecureMark.of(zone).toString());
    addInsecure(zone.toString());
  }

  private String listedInsecure() throws ResolverException {
    Program.Output listed = run("nta", "-dump");
    requireOk("nta", listed);
    return listed.text();
  }

  /// Lines are "checkfree.test/_default: expiry 28-Nov-2026 10:16:18.000", names without their last
  /// dot.
  private static boolean isListed(String listing, String zone) {
    String wanted = zone.substring(0, zone.length() - 1) + "/";
    return listing
        .lines()
        .filter(line -> !line.contains(": expired "))
        .anyMatch(line -> line.strip().regionMatches(true, 0, wanted, 0, wanted.length()));
  }

  private void addInsecure(String zone) throws ResolverException {
    // Forced: BIND otherwise lifts it as soon as something at the name validates, such as a
    // hijacker's own chain of trust.
    requireOk(
        "nta",
        run(
            "nta",
            "-force",
            "-lifetime",
            Long.toString(ResolverLimits.INSECURE.toSeconds()),
            zone));
  }

  @Override
  public void clearInsecure(DnsName zone) throws ResolverException {
    if (isListed(listedInsecure(), InsecureMark.of(zone).toString())) {
      requireOk("nta", run("nta", "-remove", zone.toString()));
      requireOk("nta", run("nta", "-remove", InsecureMark.of(zone).toString()));
    }
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  private Program.Output run(String... arguments) throws ResolverException {
    try {
      Optional<RndcKey> key = RndcKey.of(rndc.words());
      return key.isPresent()
          ? new RndcChannel(key.get()).run(List.of(arguments), ResolverLimits.CONTROL_COMMAND)
          : rndc.run(List.of(arguments), ResolverLimits.CONTROL_COMMAND);
    } catch (ResolverException e) {
      met = false;
      throw new ResolverException("resolver " + name + ": " + e.getMessage(), e);
    }
  }

  private void requireOk(String verb, Program.Output output) throws ResolverException {
    if (!output.isOk()) {
      throw refused(verb, output);
    }
  }

  private ResolverException refused(String verb, Program.Output output) {
    met = false;
    String said = output.firstLine();
    String advice =
        said.contains("permission denied") || output.text().contains("allow-new-zones")
            ? "; does its configuration have \"allow-new-zones yes;\"?"
            : said.endsWith("failure") ? "; its log says why, a full disk perhaps" : "";
    return new ResolverException(
        "resolver " + name + ": rndc " + verb + " failed: " + said + advice);
  }

  @Override
  public void close() {
    // A process for each command: there is nothing to give back.
  }
}
