package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import tocsin.node.core.Listing;
import tocsin.node.core.Overlay;
import tocsin.node.dns.DnsServer;
import tocsin.node.dns.LookupZone;
import tocsin.node.dns.RpzZone;
import tocsin.node.dns.Serial;
import tocsin.node.dns.Soa;
import tocsin.node.dns.TransferAcl;
import tocsin.node.dns.VersionedZone;
import tocsin.node.dns.Zone;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Sha256;
import tocsin.trust.StatementId;

/// Measures the DNS server with many entries, beside a `knotd` with the same zones in the same run
/// where one is installed: transfers with a client of our own, questions with `dnsperf`.
public final class DnsBench {
  private static final Name RPZ = Name.fromConstantString("alert.rpz.");
  private static final Name LOOKUP = Name.fromConstantString("alerts.test.");
  private static final int TRANSFERS = 7;
  private static final int INCREMENTS = 50;
  private static final int ROUNDS = 3;
  private static final int WARM_UP_SECONDS = 4;
  private static final int ROUND_SECONDS = 4;
  private static final int MILLIS = 1_000_000;
  private static final int MEBIBYTE = 1 << 20;
  private static final int CLIENT_TIMEOUT_MILLIS = 30_000;
  private static final int IXFR_RECORDS = 6;
  private static final Pattern RATE = Pattern.compile("Queries per second:\\s+([0-9.]+)");
  private static final Pattern LOST = Pattern.compile("Queries lost:\\s+([0-9]+)");

  private final Screen screen;

  public DnsBench(Screen screen) {
    this.screen = screen;
  }

  /// @return figures: milliseconds, megabytes, questions per second
  public Map<String, Object> run(int entries) throws IOException, InterruptedException, NotSeen {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("entries", entries);
    try (Closer closer = new Closer()) {
      Folder folder = closer.keep(Folder.make(false));
      long before = heapBytes();
      DnsServer server =
          closer.keep(
              new DnsServer(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  List.of(),
                  TransferAcl.parse(List.of("127.0.0.1"))));
      server.start();
      VersionedZone overlay =
          VersionedZone.first(Zone.of(RPZ, Soa.usual(), new Serial(1), overlay(entries, 0)));
      server.serve(overlay.zone(), overlay.journal());
      server.serve(LookupZone.of(LOOKUP, Soa.usual(), new Serial(1), listings(entries)));
      fields.put("heap_megabytes", (heapBytes() - before) / MEBIBYTE);
      Optional<Path> knotd = program("knotd");
      InetSocketAddress beside = null;
      if (knotd.isPresent()) {
        screen.line("starting knotd with the same zones");
        beside = knot(knotd.get(), folder.path(), overlay.zone(), entries, closer);
      }
      long records = overlay.zone().records().size() + 1L;
      screen.line("whole transfers of " + entries + " entries");
      fields.put("axfr_millis", axfr(server.address(), records));
      if (beside != null) {
        fields.put("axfr_millis_knotd", axfr(beside, records));
      }
      screen.line("transfers of one changed entry");
      fields.put("ixfr_of_one_millis", ixfr(server, overlay, entries));
      Optional<Path> knotc = program("knotc");
      if (beside != null && knotc.isPresent()) {
        fields.put("ixfr_of_one_millis_knotd", ixfrOfKnot(knotc.get(), folder.path(), beside));
      }
      if (program("dnsperf").isEmpty()) {
        fields.put("questions_per_second", "dnsperf is not installed");
        return fields;
      }
      questions(fields, folder.path(), server.address(), beside, entries);
      return fields;
    }
  }

  private static String name(int i) {
    return "n" + i + ".bank.test.";
  }

  private static List<Record> overlay(int entries, int changed) {
    List<Overlay.Entry> all = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      byte[] address = {(byte) 198, 51, 100, (byte) (i == 0 ? changed : i)};
      all.add(
          new Overlay.Entry(
              DnsName.parse(name(i)),
              false,
              List.of(new CorrectRecord.A(ByteString.copyFrom(address))),
              new StatementId(Sha256.ZERO),
              0));
    }
    return RpzZone.of(RPZ, new Overlay(all)).records();
  }

  private static List<Listing> listings(int entries) {
    List<Listing> all = new ArrayList<>(entries);
    for (int i = 0; i < entries; i++) {
      all.add(
          new Listing(
              new StatementId(Sha256.ZERO),
              Optional.empty(),
              List.of(DnsName.parse(name(i))),
              false,
              true,
              false,
              "active",
              "Example ISP",
              0,
              List.of(),
              0));
    }
    return all;
  }

  private static long heapBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static Optional<Path> program(String name) {
    return Stream.concat(
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)),
            Stream.of("/usr/sbin", "/usr/bin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static InetSocketAddress knot(
      Path knotd, Path folder, Zone overlay, int entries, Closer closer)
      throws IOException, InterruptedException, NotSeen {
    StringBuilder text = new StringBuilder();
    overlay.records().forEach(each -> text.append(each).append('\n'));
    Files.writeString(folder.resolve("alert.rpz.zone"), text);
    text.setLength(0);
    text.append("alerts.test. 5 SOA localhost. . 1 30 5 3600 5\nalerts.test. 5 NS localhost.\n");
    for (int i = 0; i < entries; i++) {
      text.append(name(i)).append("q.alerts.test. 5 A 127.0.0.2\n");
    }
    Files.writeString(folder.resolve("alerts.test.zone"), text);
    int port = FreePorts.find(1).getFirst();
    Path configuration = folder.resolve("knot.conf");
    Files.writeString(
        configuration,
        """
        server:
            listen: 127.0.0.1@%1$d
            rundir: "%2$s"
        database:
            storage: "%2$s"
        log:
          - target: stderr
            any: error
        acl:
          - id: all
            address: 127.0.0.1
            action: transfer
        zone:
          - domain: alert.rpz
            file: "%2$s/alert.rpz.zone"
            zonefile-sync: -1
            acl: all
          - domain: alerts.test
            file: "%2$s/alerts.test.zone"
        """
            .formatted(port, folder));
    Process process =
        new ProcessBuilder(knotd.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("knotd.log").toFile())
            .start();
    AutoCloseable ending =
        () -> {
          process.destroy();
          if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
          }
        };
    closer.keep(ending);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Patience.until("knotd has loaded its zones", Limits.START, () -> answers(address));
    return address;
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = connect(address)) {
      Message last = Message.newQuery(Record.newRecord(LOOKUP, Type.SOA, DClass.IN));
      send(socket, last);
      return read(new DataInputStream(socket.getInputStream())) == 1;
    } catch (IOException e) {
      return false;
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(CLIENT_TIMEOUT_MILLIS);
    socket.connect(address);
    return socket;
  }

  private static void send(Socket socket, Message query) throws IOException {
    byte[] wire = query.toWire();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeShort(wire.length);
    out.write(wire);
    out.flush();
  }

  /// Reads one message; how many records it answers with.
  private static int read(DataInputStream in) throws IOException {
    byte[] message = in.readNBytes(in.readUnsignedShort());
    int code = message[3] & 0xf;
    if (code != 0) {
      throw new IOException("a transfer was answered with code " + code);
    }
    return ((message[6] & 0xff) << 8) | (message[7] & 0xff);
  }

  private static double transferMillis(InetSocketAddress address, Message query, long records)
      throws IOException {
    long start = System.nanoTime();
    try (Socket socket = connect(address)) {
      send(socket, query);
      DataInputStream in =
          new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      long count = 0;
      while (count < records) {
        count += read(in);
      }
      if (count > records) {
        throw new IOException(
            "a transfer has " + count + " records or more, " + records + " were expected");
      }
    }
    return (double) (System.nanoTime() - start) / MILLIS;
  }

  private static Map<String, Object> axfr(InetSocketAddress address, long records)
      throws IOException {
    double[] millis = new double[TRANSFERS];
    for (int i = 0; i < TRANSFERS; i++) {
      Message query = Message.newQuery(Record.newRecord(RPZ, Type.AXFR, DClass.IN));
      millis[i] = transferMillis(address, query, records);
    }
    return summary(millis);
  }

  private static Map<String, Object> ixfr(DnsServer server, VersionedZone first, int entries)
      throws IOException {
    VersionedZone zone = first;
    double[] millis = new double[INCREMENTS];
    for (int i = 0; i < INCREMENTS; i++) {
      long serial = zone.zone().serial().value();
      zone = zone.next(new Serial(serial + 1), overlay(entries, i + 1));
      server.serve(zone.zone(), zone.journal());
      millis[i] = ixfrMillis(server.address(), serial);
    }
    return summary(millis);
  }

  /// The same of a knotd whose zone is changed by its own tool.
  private static Map<String, Object> ixfrOfKnot(Path knotc, Path folder, InetSocketAddress address)
      throws IOException, InterruptedException, NotSeen {
    String zone = RPZ.toString(true);
    String changed = name(0) + zone + ".";
    double[] millis = new double[INCREMENTS];
    for (int i = 0; i < INCREMENTS; i++) {
      knotc(knotc, folder, "zone-begin", zone);
      knotc(knotc, folder, "zone-unset", zone, changed, "A");
      knotc(knotc, folder, "zone-set", zone, changed, "5", "A", "198.51.100." + (i + 1));
      // It counts the serial up by one, from the 1 of its file.
      knotc(knotc, folder, "zone-commit", zone);
      millis[i] = ixfrMillis(address, i + 1);
    }
    return summary(millis);
  }

  private static void knotc(Path knotc, Path folder, String... words)
      throws IOException, InterruptedException, NotSeen {
    List<String> command =
        new ArrayList<>(
            List.of(knotc.toString(), "-b", "-c", folder.resolve("knot.conf").toString()));
    command.addAll(List.of(words));
    Path said = folder.resolve("knotc.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    if (process.waitFor() != 0) {
      throw new NotSeen("knotc " + words[0] + " failed: " + Files.readString(said).strip());
    }
  }

  private static double ixfrMillis(InetSocketAddress address, long serial) throws IOException {
    Message query = Message.newQuery(Record.newRecord(RPZ, Type.IXFR, DClass.IN));
    query.addRecord(
        new SOARecord(RPZ, DClass.IN, 0, Name.root, Name.root, serial, 1, 1, 1, 1),
        Section.AUTHORITY);
    // Four SOAs, one record removed, one added.
    return transferMillis(address, query, IXFR_RECORDS);
  }

  private static Map<String, Object> summary(double[] millis) {
    Arrays.sort(millis);
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("median", rounded(millis[millis.length / 2]));
    summary.put("best", rounded(millis[0]));
    summary.put("worst", rounded(millis[millis.length - 1]));
    return summary;
  }

  private static double rounded(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private void questions(
      Map<String, Object> fields,
      Path folder,
      InetSocketAddress ours,
      @Nullable InetSocketAddress beside,
      int entries)
      throws IOException, InterruptedException {
    Path file = folder.resolve("questions");
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < entries; i++) {
      // Every fourth name is not listed.
      String first = i % 4 == 3 ? "absent" : "";
      text.append(first).append(name(random.nextInt(entries))).append("q.alerts.test. A\n");
    }
    Files.writeString(file, text.toString(), StandardCharsets.US_ASCII);
    screen.line("questions: " + ROUNDS + " rounds of " + ROUND_SECONDS + " s each");
    dnsperf(ours, file, WARM_UP_SECONDS, new long[1]);
    double[] rates = new double[ROUNDS];
    double[] others = new double[ROUNDS];
    long[] lost = new long[1];
    for (int i = 0; i < ROUNDS; i++) {
      rates[i] = dnsperf(ours, file, ROUND_SECONDS, lost);
      if (beside != null) {
        others[i] = dnsperf(beside, file, ROUND_SECONDS, new long[1]);
      }
    }
    fields.put("questions_per_second", Math.round(best(rates)));
    fields.put("questions_lost", lost[0]);
    if (beside != null) {
      fields.put("questions_per_second_knotd", Math.round(best(others)));
      fields.put("share_of_knotd", Math.round(100 * best(rates) / best(others)) / 100.0);
    }
  }

  private static double best(double[] rates) {
    return Arrays.stream(rates).max().orElse(0);
  }

  private static double dnsperf(InetSocketAddress server, Path file, int seconds, long[] lost)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program("dnsperf").orElseThrow().toString(),
                "-s",
                server.getAddress().getHostAddress(),
                "-p",
                String.valueOf(server.getPort()),
                "-d",
                file.toString(),
                "-l",
                String.valueOf(seconds),
                "-c",
                "8")
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    Matcher rate = RATE.matcher(said);
    if (!rate.find()) {
      throw new IOException("dnsperf failed: " + said.strip());
    }
    Matcher losses = LOST.matcher(said);
    lost[0] += losses.find() ? Long.parseLong(losses.group(1)) : 0;
    return Double.parseDouble(rate.group(1));
  }
}
