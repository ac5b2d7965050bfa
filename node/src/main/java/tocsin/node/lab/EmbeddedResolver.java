package tocsin.node.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// A small caching resolver for machines without a real one: iterates from the lab's root at
/// whatever port, caches for the whole TTL, so that it really goes on telling the lie; takes the
/// overlay zone by AXFR, IXFR and NOTIFY and answers from it; obeys unbound's control protocol on a
/// Unix socket. It does not validate.
public final class EmbeddedResolver implements LabResolver {
  private final LabInternet lab;
  private final Name rpzZone;
  private final Optional<InetSocketAddress> primary;
  private final Path folder;
  private final EmbeddedCache cache = new EmbeddedCache();
  private final Set<Name> insecure = ConcurrentHashMap.newKeySet();

  /// Name servers of stubs that are given by name.
  private final Map<Name, List<String>> stubNames = new ConcurrentHashMap<>();

  private EmbeddedIteration iteration;
  private InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
  private @Nullable Running running;

  private record Running(
      LabServer server, EmbeddedControl control, Optional<OverlayTransfer> overlay) {
    void stop() {
      overlay.ifPresent(OverlayTransfer::close);
      control.close();
      server.close();
    }
  }

  /// Starts one on a free port of 127.0.0.1.
  ///
  /// @param lab to live in
  /// @param rpzZone the overlay zone, "alert.rpz."
  /// @param primary where the node serves it; empty for a resolver without overlay
  public static EmbeddedResolver start(
      LabInternet lab, String rpzZone, Optional<InetSocketAddress> primary) throws IOException {
    Path folder =
        Files.createTempDirectory(
            "tocsin-embedded",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    EmbeddedResolver resolver =
        new EmbeddedResolver(lab, Name.fromString(rpzZone), primary, folder);
    try {
      resolver.restart();
      return resolver;
    } catch (IOException e) {
      resolver.close();
      throw e;
    }
  }

  private EmbeddedResolver(
      LabInternet lab, Name rpzZone, Optional<InetSocketAddress> primary, Path folder) {
    this.lab = lab;
    this.rpzZone = rpzZone;
    this.primary = primary;
    this.folder = folder;
    this.iteration = newIteration();
  }

  private EmbeddedIteration newIteration() {
    return new EmbeddedIteration(cache, List.of(lab.rootAddress()), lab.port());
  }

  @Override
  public synchronized void restart() throws IOException {
    stop();
    cache.clear();
    insecure.clear();
    stubNames.clear();
    iteration = newIteration();
    Optional<OverlayTransfer> overlay = primary.map(from -> new OverlayTransfer(rpzZone, from));
    Answering answering = new Answering(iteration, overlay);
    LabServer server = null;
    try {
      server = new LabServer(address.getAddress(), address.getPort(), answering);
      EmbeddedControl control =
          new EmbeddedControl(controlSocket(), command -> obey(command, overlay));
      address = server.address();
      running = new Running(server, control, overlay);
    } catch (IOException e) {
      if (server != null) {
        server.close();
      }
      overlay.ifPresent(OverlayTransfer::close);
      throw e;
    }
  }

  /// Answers clients' questions and primaries' notices.
  private record Answering(EmbeddedIteration iteration, Optional<OverlayTransfer> overlay)
      implements LabServer.Answerer {
    @Override
    public Optional<Message> answer(Message query, InetAddress client) {
      Message answer = AuthoritativeAnswers.answerTo(query);
      Record question = query.getQuestion();
      switch (query.getHeader().getOpcode()) {
        case Opcode.QUERY -> {
          answer.getHeader().setFlag(Flags.RA);
          try {
            resolve(answer, question.getName(), question.getType());
          } catch (IOException e) {
            answer.removeAllRecords(Section.ANSWER);
            answer.getHeader().setRcode(Rcode.SERVFAIL);
          }
        }
        case Opcode.NOTIFY -> {
          boolean heeded =
              overlay.isPresent()
                  && overlay.get().isPrimary(client)
                  && overlay.get().origin().equals(question.getName());
          answer.getHeader().setRcode(heeded ? Rcode.NOERROR : Rcode.NOTAUTH);
          answer.getHeader().setFlag(Flags.AA);
          if (heeded) {
            overlay.get().notified();
          }
        }
        default -> answer.getHeader().setRcode(Rcode.NOTIMP);
      }
      return Optional.of(answer);
    }

    /// Follows aliases; the overlay has its say at each of them.
    private void resolve(Message answer, Name asked, int type) throws IOException {
      EmbeddedIteration.Budget budget = new EmbeddedIteration.Budget();
      Name name = asked;
      for (int aliases = 0; aliases <= LabLimits.ALIASES; aliases++) {
        EmbeddedCache.Known known = step(name, type, budget);
        known.records().forEach(record -> answer.addRecord(record, Section.ANSWER));
        if (type != Type.CNAME
            && !known.records().isEmpty()
            && known.records().getFirst() instanceof CNAMERecord alias) {
          name = alias.getTarget();
          continue;
        }
        answer.getHeader().setRcode(known.responseCode());
        known.soa().ifPresent(soa -> answer.addRecord(soa, Section.AUTHORITY));
        return;
      }
      throw new IOException("too many aliases");
    }

    private EmbeddedCache.Known step(Name name, int type, EmbeddedIteration.Budget budget)
        throws IOException {
      Optional<OverlayZone> zone = overlay.flatMap(OverlayTransfer::current);
      OverlayZone.Policy policy =
          zone.isPresent() ? zone.get().policy(name) : new OverlayZone.Policy.PassThrough();
      return switch (policy) {
        case OverlayZone.Policy.PassThrough _ -> iteration.find(name, type, budget);
        case OverlayZone.Policy.NoSuchName _ ->
            new EmbeddedCache.Known(Rcode.NXDOMAIN, List.of(), Optional.empty());
        case OverlayZone.Policy.NoData _ ->
            new EmbeddedCache.Known(Rcode.NOERROR, List.of(), Optional.empty());
        case OverlayZone.Policy.LocalData local ->
            new EmbeddedCache.Known(Rcode.NOERROR, ofType(local.records(), type), Optional.empty());
      };
    }

    private static List<Record> ofType(List<Record> records, int type) {
      List<Record> fitting = new ArrayList<>();
      for (Record record : records) {
        if (record.getType() == type || record instanceof CNAMERecord) {
          fitting.add(record);
        }
      }
      return fitting;
    }
  }

  /// unbound-control(8), as much of it as a node uses.
  private String obey(String command, Optional<OverlayTransfer> overlay) {
    List<String> words = EmbeddedControl.words(command);
    try {
      return switch (words.getFirst()) {
        case "status" -> "is running...\n";
        case "list_auth_zones" -> overlay.map(EmbeddedResolver::listed).orElse("");
        case "flush_zone" ->
            "ok removed " + cache.flush(name(words)) + " rrsets, 0 messages and 0 key entries\n";
        case "stub_add" -> {
          List<String> servers = words.subList(2, words.size());
          iteration.stubs().put(name(words), addresses(servers));
          stubNames.put(name(words), servers.stream().filter(EmbeddedResolver::isName).toList());
          yield "ok\n";
        }
        case "stub_remove" -> {
          iteration.stubs().remove(name(words));
          stubNames.remove(name(words));
          yield "ok\n";
        }
        case "list_stubs" -> listedStubs();
        case "list_forwards" -> "";
        case "insecure_add" -> {
          insecure.add(name(words));
          yield "ok\n";
        }
        case "insecure_remove" -> {
          insecure.remove(name(words));
          yield "ok\n";
        }
        case "list_insecure" ->
            String.join("", insecure.stream().map(name -> name + "\n").toList());
        case "get_option" ->
            switch (words.size() < 2 ? "" : words.get(1)) {
              case "module-config" -> "respip iterator\n";
              case "serve-expired" -> "no\n";
              default -> "error unknown option\n";
            };
        default -> "error unknown command '" + words.getFirst() + "'\n";
      };
    } catch (TextParseException | IllegalArgumentException e) {
      return "error could not parse: " + e.getMessage() + "\n";
    }
  }

  private static String listed(OverlayTransfer overlay) {
    OptionalLong serial = overlay.serial();
    return overlay.origin()
        + "\t"
        + (serial.isPresent() ? "serial " + serial.getAsLong() : "no serial")
        + "\n";
  }

  private String listedStubs() {
    StringBuilder lines = new StringBuilder();
    for (Map.Entry<Name, List<InetAddress>> stub : iteration.stubs().entrySet()) {
      lines.append(stub.getKey()).append(" IN stub noprime");
      stubNames.getOrDefault(stub.getKey(), List.of()).forEach(it -> lines.append(' ').append(it));
      stub.getValue().forEach(server -> lines.append(' ').append(server.getHostAddress()));
      lines.append('\n');
    }
    return lines.toString();
  }

  private static Name name(List<String> words) throws TextParseException {
    if (words.size() < 2) {
      throw new IllegalArgumentException("a name is missing");
    }
    return Name.fromString(words.get(1), Name.root);
  }

  /// As many of them as are addresses; of the names nobody is asked.
  private static List<InetAddress> addresses(List<String> servers) {
    List<InetAddress> addresses =
        servers.stream().filter(it -> !isName(it)).map(InetAddress::ofLiteral).toList();
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses are missing");
    }
    return addresses;
  }

  private static boolean isName(String server) {
    return server.endsWith(".");
  }

  @Override
  public synchronized InetSocketAddress address() {
    return address;
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public List<String> section() {
    return List.of("kind = \"unbound\"", "control = \"" + controlSocket() + "\"");
  }

  /// The Unix socket of its control channel, which speaks unbound's protocol.
  public Path controlSocket() {
    return folder.resolve("control");
  }

  @Override
  public String toString() {
    return "embedded resolver at 127.0.0.1:" + address().getPort();
  }

  @Override
  public synchronized void stop() {
    if (running != null) {
      running.stop();
      running = null;
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Files.deleteIfExists(controlSocket());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // A temporary folder that stays behind does no harm.
    }
  }
}
