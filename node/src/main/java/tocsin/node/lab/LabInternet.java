package tocsin.node.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Zone;

/// A whole internet with one victim in it, on loopback addresses of one block 127.N.53.0/24: a
/// root, the registry of `test.`, two name servers of the victim `checkfree.test.` and two of a
/// hijacker. Everything is served with a TTL of 48 hours, as in December 2008.
///
/// Cues may come at any time from any thread; each holds for the very next question. Close it to
/// free the addresses.
public final class LabInternet implements AutoCloseable {
  /// What has been done to the victim.
  public enum Hijack {
    NONE,
    /// The registry delegates the victim's domain to the hijacker's name servers, as in December
    /// 2008.
    DELEGATION,
    /// The victim's own name servers give the criminals' web addresses.
    ADDRESS
  }

  private final int block;
  private final int port;
  private final LabZones zones;
  private final List<LabServer> servers = new ArrayList<>();
  private final LongAdder queries = new LongAdder();
  private final LongAdder rogueAnswers = new LongAdder();

  /// Names whose questions are counted.
  private final Map<Name, LongAdder> watched = new ConcurrentHashMap<>();

  private final Zone rootZone;
  private final List<Zone> rogueZones;
  private volatile Hijack hijack = Hijack.NONE;
  private volatile @Nullable LabSigner signer;
  private volatile Zone testZone;
  private volatile Zone victimZone;

  /// A lab on port 53, where resolvers follow referrals to, if this process may bind it, and
  /// otherwise on another port of the same addresses.
  ///
  /// @throws IOException if no block of addresses is free
  public static LabInternet start() throws IOException {
    Optional<LabInternet> real = startOnPort53();
    return real.isPresent() ? real.get() : startOnAnyPort();
  }

  /// A lab on port 53, or nothing if this process may not bind it (not root, and
  /// `net.ipv4.ip_unprivileged_port_start` above 53).
  ///
  /// @throws IOException if it may, but no block of addresses is free
  public static Optional<LabInternet> startOnPort53() throws IOException {
    for (int block = 0; block < LabLimits.ADDRESS_BLOCKS; block++) {
      try {
        return Optional.of(new LabInternet(block, 53));
      } catch (BindException e) {
        // "Address already in use": another lab lives there. "Permission denied" is one of these
        // too.
        if (isForbidden(e)) {
          return Optional.empty();
        }
      } catch (SocketException e) {
        if (isForbidden(e)) {
          return Optional.empty();
        }
        throw e;
      }
    }
    throw new IOException("port 53 is taken on every block of addresses from 127.0.53.0/24 on");
  }

  /// A lab on a port that is free: for resolvers that can be told a port ([EmbeddedResolver]).
  ///
  /// @throws IOException if no block of addresses is free
  public static LabInternet startOnAnyPort() throws IOException {
    IOException last = new IOException("no block of addresses was tried");
    for (int block = 0; block < LabLimits.ADDRESS_BLOCKS; block++) {
      try {
        return new LabInternet(block, 0);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IOException(
        "no free port on the blocks of addresses from 127.0.53.0/24 on: " + last.getMessage(),
        last);
  }

  private static boolean isForbidden(SocketException e) {
    String message = e.getMessage();
    return message != null && message.contains("Permission denied");
  }

  private LabInternet(int block, int wantedPort) throws IOException {
    this.block = block;
    this.zones =
        new LabZones(address(1), address(2), address(11), address(12), address(66), address(67));
    this.rootZone = zones.rootZone();
    this.testZone = zones.testZone(false);
    this.victimZone = zones.victimZone(false);
    this.rogueZones = List.of(zones.rogueZone(), zones.rogueVictimZone());
    try {
      servers.add(
          new LabServer(
              zones.root(), wantedPort, (query, client) -> answer(query, List.of(rootZone))));
      this.port = servers.getFirst().address().getPort();
      servers.add(
          new LabServer(
              zones.topLevel(), port, (query, client) -> answer(query, List.of(testZone))));
      for (InetAddress victim : List.of(zones.victim1(), zones.victim2())) {
        servers.add(
            new LabServer(victim, port, (query, client) -> answer(query, List.of(victimZone))));
      }
      for (InetAddress rogue : List.of(zones.rogue1(), zones.rogue2())) {
        servers.add(new LabServer(rogue, port, (query, client) -> answer(query, rogueZones)));
      }
    } catch (IOException e) {
      servers.forEach(LabServer::close);
      throw e;
    }
  }

  private Optional<Message> answer(Message query, List<Zone> from) {
    queries.increment();
    LongAdder about = watched.get(query.getQuestion().getName());
    if (about != null) {
      about.increment();
    }
    Message answer = AuthoritativeAnswers.answer(query, from);
    LabSigner signs = signer;
    if (signs != null) {
      // The hijacker's own servers sign nothing.
      Name zone = from.getFirst().getOrigin();
      boolean rogue = from.equals(rogueZones);
      if (!rogue) {
        signs.signed(query, answer, zone, from.getFirst().getSOA(), hijack != Hijack.DELEGATION);
      }
    }
    if (answer.getSection(Section.ANSWER).stream()
        .map(Record::rdataToString)
        .anyMatch(this::isRogue)) {
      rogueAnswers.increment();
    }
    return Optional.of(answer);
  }

  /// Signs `test.` and the victim's domain from now on. Whoever takes over the delegation at the
  /// registry takes the DS away, so that validating resolvers believe the lie.
  public void sign() {
    signer = new LabSigner();
  }

  /// A DS that fits no key of the victim's stands at the registry, as after a hijacker's order or a
  /// mistake (Slack, 2021): validating resolvers answer nothing about the domain.
  ///
  /// @param wrong false: the right one again
  public void wrongDs(boolean wrong) {
    LabSigner signs = signer;
    if (signs == null) {
      throw new IllegalStateException("this lab is not signed");
    }
    signs.wrongDs(wrong);
  }

  /// Whether the victim's domain is signed.
  public boolean isSigned() {
    return signer != null;
  }

  /// Trust anchors for validating resolvers, "test. IN DS 1234 13 2 ABCD"; empty if nothing is
  /// signed.
  public List<String> trustAnchors() {
    LabSigner signs = signer;
    return signs == null ? List.of() : List.of(signs.anchor());
  }

  /// The criminals take over the delegation at the registry.
  public synchronized void hijackDelegation() {
    testZone = zones.testZone(true);
    victimZone = zones.victimZone(false);
    hijack = Hijack.DELEGATION;
  }

  /// The criminals change the web addresses in the victim's own zone.
  public synchronized void hijackAddress() {
    victimZone = zones.victimZone(true);
    testZone = zones.testZone(false);
    hijack = Hijack.ADDRESS;
  }

  /// The owner has the domain back. Caches, as ever, go on for 48 hours.
  public synchronized void repair() {
    testZone = zones.testZone(false);
    victimZone = zones.victimZone(false);
    hijack = Hijack.NONE;
  }

  /// What is done to the victim now.
  public Hijack hijack() {
    return hijack;
  }

  /// The port of all servers of this lab: 53, or another one where 53 was not to be had.
  public int port() {
    return port;
  }

  /// Whether real resolvers can live in this lab: they follow referrals to port 53 only.
  public boolean onPort53() {
    return port == 53;
  }

  /// Where iteration starts, as configuration wants it: `ADDRESS`, or `ADDRESS:PORT` if the port is
  /// not 53.
  public List<String> rootHints() {
    String root = zones.root().getHostAddress();
    return List.of(onPort53() ? root : root + ":" + port);
  }

  /// The address of the root server.
  public InetAddress rootAddress() {
    return zones.root();
  }

  /// The root server's name and address as a root hints file (RFC 1035 section 5).
  public String rootHintsFile() {
    return ". 3600000 IN NS "
        + LabZones.ROOT_SERVER
        + "\n"
        + LabZones.ROOT_SERVER
        + " 3600000 IN A "
        + zones.root().getHostAddress()
        + "\n";
  }

  /// The victim's domain, `checkfree.test.`
  public String domain() {
    return LabZones.VICTIM.toString();
  }

  /// The victim's web site, `www.checkfree.test.`
  public String www() {
    return LabZones.WWW.toString();
  }

  /// The victim's mail server, `mail.checkfree.test.`
  public String mail() {
    return LabZones.MAIL.toString();
  }

  /// One of any number of names that exist and have nothing to do with the story, `n7.crowd.test.`:
  /// to fill caches with.
  public String bystander(int number) {
    return "n" + number + "." + LabZones.CROWD;
  }

  /// The right address of the web site and of the bare domain.
  public InetAddress rightAddress() {
    return LabZones.RIGHT_WEB;
  }

  /// The right IPv6 address of the web site and of the bare domain.
  public InetAddress rightAddress6() {
    return LabZones.RIGHT_WEB6;
  }

  /// Where the criminals' web server would be.
  public InetAddress rogueAddress() {
    return LabZones.ROGUE_WEB;
  }

  /// The right records of the domain and its hosts, name to presentation forms ("A 192.0.2.80"), as
  /// an alert lists them.
  public Map<String, List<String>> rightRecords() {
    String web = "A " + LabZones.RIGHT_WEB.getHostAddress();
    String web6 = "AAAA 2001:db8::80";
    Map<String, List<String>> records = new LinkedHashMap<>();
    records.put(www(), List.of(web, web6));
    records.put(
        domain(),
        List.of(web, web6, "MX 10 " + LabZones.MAIL, "TXT \"" + LabZones.RIGHT_TEXT + "\""));
    records.put(mail(), List.of("A " + LabZones.RIGHT_MAIL.getHostAddress()));
    return records;
  }

  /// The victim's right name servers, name to address.
  public Map<String, InetAddress> rightNameServers() {
    Map<String, InetAddress> nameServers = new LinkedHashMap<>();
    nameServers.put(LabZones.NS1.toString(), zones.victim1());
    nameServers.put(LabZones.NS2.toString(), zones.victim2());
    return nameServers;
  }

  /// The hijacker's name servers, name to address.
  public Map<String, InetAddress> rogueNameServers() {
    Map<String, InetAddress> nameServers = new LinkedHashMap<>();
    nameServers.put(LabZones.ROGUE_NS1.toString(), zones.rogue1());
    nameServers.put(LabZones.ROGUE_NS2.toString(), zones.rogue2());
    return nameServers;
  }

  /// Whether this data of a record (presentation form, `203.0.113.66` or `10 mail.rogue.test.`)
  /// leads to the criminals.
  public boolean isRogue(String data) {
    return ROGUE_DATA.contains(data)
        || data.endsWith(LabZones.HIJACKER.toString())
        || data.contains(LabZones.ROGUE_TEXT);
  }

  private static final Set<String> ROGUE_DATA =
      Set.of(
          LabZones.ROGUE_WEB.getHostAddress(),
          LabZones.ROGUE_WEB6.getHostAddress(),
          "2001:db8:bad::66",
          LabZones.ROGUE_MAIL_HOST.getHostAddress());

  /// Questions that the servers of this lab were asked so far.
  public long queries() {
    return queries.sum();
  }

  /// Counts the questions about exactly this name from now on: resolvers ask others, about the root
  /// say, when it suits them.
  public LongSupplier queriesAbout(Name name) {
    LongAdder count = watched.computeIfAbsent(name, _ -> new LongAdder());
    return count::sum;
  }

  /// How many of all were answered with the criminals' data.
  public long rogueAnswers() {
    return rogueAnswers.sum();
  }

  /// A loopback address of this lab's own block, for somebody who wants to live in it.
  ///
  /// @param host 1 to 254; those up to 99 are the lab's own
  public InetAddress address(int host) {
    return InetAddress.ofLiteral("127." + block + ".53." + host);
  }

  @Override
  public void close() {
    servers.forEach(LabServer::close);
  }
}
