package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;
import tools.jackson.databind.JsonNode;

/// A PowerDNS Recursor, 4.8 or later, driven by its web interface, and by `rec_control` for what
/// that does not have: name servers and negative trust anchors.
///
/// It must have the overlay zone in an `rpzPrimary` with `refresh=1` (4.8 polls, and takes no
/// NOTIFY for such zones), and for name server correction a `forward-zones-file` that this node may
/// write.
public final class PowerDnsResolver implements Resolver {
  /// Of negative trust anchors: by it they are known as ours.
  private static final String REASON = "tocsin";

  private final String name;
  private final PowerDnsApi api;
  private final Optional<Program> recControl;
  private final Probing probing;

  /// What it was told and may have lost since.
  private final Set<DnsName> insecure = new ConcurrentSkipListSet<>();

  private final FlushQueue flushes = new FlushQueue(this::flushNow);

  /// What the recursor says of its own configuration; learnt again after it was away.
  private volatile @Nullable Settings settings;

  /// @param socketDir where its control socket is; empty: where it is by default
  /// @param forwardZones the file; empty: it has none
  private record Settings(String socketDir, Optional<ForwardZonesFile> forwardZones) {}

  /// @param name as the operator calls it
  /// @param address where it answers DNS questions
  /// @param api address of its web server
  /// @param apiKeyFile a file with its key
  /// @param recControl the command with the options that reach this recursor; empty: `rec_control`
  ///   with the folder that the recursor itself names
  public PowerDnsResolver(
      String name,
      InetSocketAddress address,
      URI api,
      Path apiKeyFile,
      Optional<Program> recControl) {
    this.name = name;
    this.api = new PowerDnsApi(api, apiKeyFile);
    this.recControl = recControl;
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    JsonNode zone = get("rpzstatistics").path(bare(rpzZone));
    if (!zone.isObject()) {
      throw new ResolverException(
          "resolver " + name + " has no zone " + rpzZone + ": its rpzPrimary is missing");
    }
    JsonNode serial = zone.path("serial");
    if (!serial.isIntegralNumber() || serial.asLong(-1) < 0 || serial.asLong(-1) > 0xffff_ffffL) {
      throw new ResolverException(
          "resolver "
              + name
              + " tells of its overlay zone what we cannot read: "
              + UnboundControl.shown(zone.toString()));
    }
    repeatLostCorrections();
    // A zone that never came is told as serial 0.
    return serial.asLong() == 0 ? OptionalLong.empty() : OptionalLong.of(serial.asLong());
  }

  /// A recursor that was restarted has lost its negative trust anchors; name servers are in its
  /// file.
  private void repeatLostCorrections() throws ResolverException {
    if (insecure.isEmpty()) {
      return;
    }
    String listing = control("get-ntas");
    for (DnsName zone : insecure) {
      if (reasonOf(listing, zone).isEmpty()) {
        setInsecure(zone);
        flush(zone);
      }
    }
  }

  private static String bare(DnsName zone) {
    String text = zone.toString();
    return zone.isRoot() ? text : text.substring(0, text.length() - 1);
  }

  @Override
  public void flush(DnsName flushed) throws ResolverException {
    flushes.flush(flushed);
  }

  private void flushNow(DnsName flushed) throws ResolverException {
    // A name has letters, digits, '-', '_' and dots only: nothing to escape in a query. Record,
    // negative and packet caches.
    JsonNode answer = put("cache/flush?domain=" + flushed + "&subtree=true");
    if (!answer.path("count").isIntegralNumber()) {
      throw new ResolverException(
          "resolver "
              + name
              + " did not say that it flushed: "
              + UnboundControl.shown(answer.toString()));
    }
  }

  @Override
  public void correctNameServers(DnsName zone, List<InetAddress> servers) throws ResolverException {
    List<String> addresses = CorrectAddresses.of(servers);
    ForwardZonesFile file =
        settings()
            .forwardZones()
            .orElseThrow(() ->
                new ResolverException(
                    "resolver "
                        + name
                        + " has no \"forward-zones-file\": its name servers cannot be corrected;"
                        + " tocsin resolver stanza powerdns shows how"));
    requireNoneOfTheOperators(file, zone);
    change(file, zone, addresses);
    if (kindOf(zone).filter("Forwarded"::equals).isEmpty()) {
      throw new ResolverException(
          "resolver " + name + " took the name servers of " + zone + " but does not list them");
    }
  }

  @Override
  public void clearNameServers(DnsName zone) throws ResolverException {
    Optional<ForwardZonesFile> file = settings().forwardZones();
    if (file.isPresent()) {
      change(file.get(), zone, List.of());
    }
  }

  private void change(ForwardZonesFile file, DnsName zone, List<String> addresses)
      throws ResolverException {
    try {
      var _ = file.put(zone, addresses);
    } catch (ResolverException e) {
      throw named(e);
    }
    // Even if the line was there already: the recursor may not have read it then.
    String answer = control("reload-zones");
    if (!answer.startsWith("ok")) {
      throw new ResolverException(
          "resolver "
              + name
              + " did not take its forward-zones-file: "
              + UnboundControl.shown(answer));
    }
  }

  private void requireNoneOfTheOperators(ForwardZonesFile file, DnsName zone)
      throws ResolverException {
    ForwardZonesFile.Line line;
    try {
      line = file.line(zone);
    } catch (ResolverException e) {
      throw named(e);
    }
    switch (line) {
      case OURS -> {
        // The zone that is in force comes from it.
      }
      case OPERATORS -> throw new KeptException(name, "a line for " + zone + " in " + file.path());
      case NONE -> {
        // From "forward-zones", "forward-zones-recurse" or "auth-zones".
        Optional<String> kind = kindOf(zone);
        if (kind.isPresent()) {
          throw new KeptException(
              name,
              (kind.get().equals("Forwarded") ? "a forwarded" : "an authoritative")
                  + " zone "
                  + zone);
        }
      }
    }
  }

  /// Of the zone that it forwards or serves by this name, "Forwarded" or "Native"; empty: none.
  private Optional<String> kindOf(DnsName zone) throws ResolverException {
    JsonNode zones = get("zones");
    for (JsonNode one : zones) {
      if (one.path("name").asString("").equalsIgnoreCase(zone.toString())) {
        return Optional.of(one.path("kind").asString(""));
      }
    }
    return Optional.empty();
  }

  @Override
  public void setInsecure(DnsName zone) throws ResolverException {
    Optional<String> reason = reasonOf(control("get-ntas"), zone);
    if (reason.isPresent() && !reason.get().equals(REASON)) {
      // The operator's own: it is insecure already, and stays so.
      return;
    }
    var _ = control("add-nta", zone.toString(), REASON);
    // With "dnssec=off" there is no list, and nothing that could be lost.
    if (reasonOf(control("get-ntas"), zone).isPresent()) {
      insecure.add(zone);
    }
  }

  /// Why the zone is not validated: lines are a name without its last dot, a tab, and the reason.
  /// Empty: it is.
  private static Optional<String> reasonOf(String listing, DnsName zone) {
    for (String line : listing.lines().toList()) {
      String[] words = line.strip().split("\\s", 2);
      if (words[0].equalsIgnoreCase(bare(zone))) {
        return Optional.of(words.length > 1 ? words[1].strip() : "");
      }
    }
    return Optional.empty();
  }

  @Override
  public void clearInsecure(DnsName zone) throws ResolverException {
    insecure.remove(zone);
    if (reasonOf(control("get-ntas"), zone).filter(REASON::equals).isPresent()) {
      var _ = control("clear-nta", zone.toString());
    }
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  @Override
  public List<String> advice() throws ResolverException {
    return settings().forwardZones().isPresent()
        ? List.of()
        : List.of("forward-zones-file is not set: name servers cannot be corrected");
  }

  private Settings settings() throws ResolverException {
    Settings known = settings;
    if (known != null) {
      return known;
    }
    String socketDir = "";
    Optional<ForwardZonesFile> forwardZones = Optional.empty();
    for (JsonNode setting : get("config")) {
      String value = setting.path("value").asString("").strip();
      switch (setting.path("name").asString("")) {
        case "socket-dir" -> socketDir = value;
        case "forward-zones-file" ->
            forwardZones =
                value.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ForwardZonesFile(Path.of(value)));
        default -> {
          // About what is not ours.
        }
      }
    }
    Settings learnt = new Settings(socketDir, forwardZones);
    settings = learnt;
    return learnt;
  }

  private String control(String... command) throws ResolverException {
    Program program =
        recControl.isPresent() ? recControl.get() : usualRecControl(settings().socketDir());
    Program.Output output;
    try {
      output = program.run(List.of(command), ResolverLimits.CONTROL_COMMAND);
    } catch (ResolverException e) {
      throw named(e);
    }
    if (!output.isOk()) {
      throw new ResolverException(
          "resolver " + name + ": rec_control " + command[0] + " failed: " + output.lastLine());
    }
    return output.text();
  }

  private static Program usualRecControl(String socketDir) {
    return new Program(
        socketDir.isEmpty()
            ? List.of("rec_control")
            : List.of("rec_control", "--socket-dir=" + socketDir));
  }

  private JsonNode get(String path) throws ResolverException {
    try {
      return api.get(path);
    } catch (ResolverException e) {
      throw named(e);
    }
  }

  private JsonNode put(String path) throws ResolverException {
    try {
      return api.put(path);
    } catch (ResolverException e) {
      throw named(e);
    }
  }

  private ResolverException named(ResolverException e) {
    settings = null;
    return new ResolverException("resolver " + name + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    api.close();
  }
}
