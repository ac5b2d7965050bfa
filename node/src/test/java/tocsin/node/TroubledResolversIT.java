package tocsin.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Type;
import tocsin.node.core.CoreConfig;
import tocsin.node.core.Progress;
import tocsin.node.lab.BindProcess;
import tocsin.node.lab.EmbeddedResolver;
import tocsin.node.lab.KnotProcess;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.node.lab.PowerDnsProcess;
import tocsin.node.lab.UnboundProcess;
import tocsin.node.resolver.Question;
import tocsin.node.resolver.Resolver;
import tocsin.node.resolver.ResolverException;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Statement;

/// One resolver is in trouble: the others are not held up, the node says what is wrong, and as soon
/// as the trouble is over that resolver is where the others are.
class TroubledResolversIT {
  /// The others need a second (PowerDNS, which polls); the one in trouble is tried for longer.
  private static final Duration OTHERS = Duration.ofSeconds(15);

  private static List<String> ask(LabResolver at, String name) {
    try (Resolver resolver = Resolvers.of(RealNode.config("r", at))) {
      return resolver.probe(new Question(DnsName.of(name), Type.A)).texts();
    } catch (ResolverException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static Path folder(LabResolver resolver) {
    return switch (resolver) {
      case UnboundProcess it -> parent(it.controlSocket());
      case BindProcess it -> parent(Path.of(it.rndc().getLast()));
      case PowerDnsProcess it -> parent(it.apiKeyFile());
      case KnotProcess it -> parent(it.rpzFile());
      case EmbeddedResolver _ -> throw new IllegalArgumentException("it has none");
    };
  }

  private static Path parent(Path file) {
    return Objects.requireNonNull(file.getParent());
  }

  private static long pid(LabResolver resolver) {
    return switch (resolver) {
      case UnboundProcess it -> it.pid();
      case BindProcess it -> it.pid();
      case PowerDnsProcess it -> it.pid();
      case KnotProcess it -> it.pid();
      case EmbeddedResolver _ -> throw new IllegalArgumentException("it has none");
    };
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  /// Another name for each trouble.
  private static Envelope override(RealNode node, LabInternet lab, String label) {
    return node.override(List.of(lab.rightAddress()), label + "." + lab.domain());
  }

  private static Progress progress(RealNode node, Envelope alert, String resolver) {
    return Objects.requireNonNull(node.progress(alert).get(resolver), resolver);
  }

  private static void awaitOthers(RealNode node, Envelope alert, String troubled) {
    await()
        .atMost(OTHERS)
        .untilAsserted(() -> {
          for (String other : FourResolvers.NAMES) {
            if (!other.equals(troubled)) {
              assertThat(progress(node, alert, other).word()).as(other).isEqualTo("verified");
            }
          }
        });
  }

  private static void awaitTrouble(RealNode node, Envelope alert, String troubled, String detail) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          Progress at = progress(node, alert, troubled);
          assertThat(at.word()).as(at.toString()).isNotEqualTo("verified");
          assertThat(at.detail()).containsPattern(detail);
        });
  }

  /// Their control channels accept, by the kernel's hand, and answer nothing; their DNS is silent.
  @Test
  void oneThatStandsStillIsWaitedForAlone() throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      node.awaitVerified(override(node, lab, "first"));
      for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
        String pid = Long.toString(pid(one.getValue()));
        run("kill", "-STOP", pid);
        Envelope alert;
        try {
          alert = override(node, lab, "stopped-" + one.getKey());
          awaitOthers(node, alert, one.getKey());
          awaitTrouble(node, alert, one.getKey(), "resolver " + one.getKey());
        } finally {
          run("kill", "-CONT", pid);
        }
        node.awaitVerified(alert);
        assertThat(ask(one.getValue(), "stopped-" + one.getKey() + "." + lab.domain()))
            .as(one.getKey())
            .containsExactly(lab.rightAddress().getHostAddress());
      }
    }
  }

  /// It answers, and says REFUSED to whatever the node asks it by DNS.
  @ParameterizedTest
  @ValueSource(strings = {"u1", "b1", "p1", "k1"})
  void oneThatRefusesOurQuestionsIsToldOf(String name) throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      node.awaitVerified(override(node, lab, "first"));
      LabResolver troubled = Objects.requireNonNull(node.beside().get(name));
      Map<Path, String> before = refuse(troubled);
      troubled.restart();
      Envelope alert = override(node, lab, "second");
      awaitOthers(node, alert, name);
      awaitTrouble(node, alert, name, "REFUSED");
      for (Map.Entry<Path, String> file : before.entrySet()) {
        Files.writeString(file.getKey(), file.getValue());
      }
      troubled.restart();
      node.awaitVerified(alert);
    }
  }

  /// @return what stood in the files that were changed
  private static Map<Path, String> refuse(LabResolver resolver) throws IOException {
    Path folder = folder(resolver);
    return switch (resolver) {
      case UnboundProcess _ ->
          changed(
              folder.resolve("unbound.conf"),
              "access-control: 127.0.0.0/8 allow",
              "access-control: 127.0.0.0/8 refuse");
      case BindProcess _ ->
          changed(
              folder.resolve("named.conf"),
              "allow-recursion { 127.0.0.0/8; };",
              "allow-recursion { none; };");
      case PowerDnsProcess _ -> {
        Files.writeString(
            folder.resolve("refuse.lua"),
            "function preresolve(dq)\n  dq.rcode = pdns.REFUSED\n  return true\nend\n");
        yield changed(
            folder.resolve("recursor.conf"),
            "dont-query=",
            "lua-dns-script=" + folder.resolve("refuse.lua") + "\ndont-query=");
      }
      case KnotProcess _ ->
          changed(
              folder.resolve("kresd.conf"),
              "log_level('notice')",
              "log_level('notice')\nmodules.load('view')\nview:addr('127.0.0.0/8', policy.all(policy.REFUSE))");
      case EmbeddedResolver _ -> throw new IllegalArgumentException("it has no file");
    };
  }

  private static Map<Path, String> changed(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
    return Map.of(file, text);
  }

  @Test
  void aWrongKeyIsToldOfAndTheRightOneCountsAtOnce() throws Exception {
    try (LabInternet lab = FourResolvers.lab(false);
        RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
      node.awaitVerified(override(node, lab, "first"));
      Path rndc = folder(node.resolvers().get("b1")).resolve("rndc.conf");
      Path api = folder(node.resolvers().get("p1")).resolve("api-key");
      String rndcBefore = Files.readString(rndc);
      String apiBefore = Files.readString(api);
      Files.writeString(
          rndc, rndcBefore.replaceAll("secret \"[^\"]*\"", "secret \"c29tZXRoaW5nIGVsc2UuLi4=\""));
      Envelope first = override(node, lab, "second");
      awaitOthers(node, first, "b1");
      awaitTrouble(node, first, "b1", "(?i)key");
      Files.writeString(rndc, rndcBefore);
      node.awaitVerified(first);
      Files.writeString(api, "something-else\n");
      Envelope second = override(node, lab, "third");
      awaitOthers(node, second, "p1");
      awaitTrouble(node, second, "p1", "refuses the key in");
      Files.writeString(api, apiBefore);
      node.awaitVerified(second);
    }
  }

  /// Each resolver's folder is a file system of its own, which is full: what it needs no room for
  /// goes on, what it needs room for is tried until there is some.
  @Test
  void onAFullDiskNobodyIsStuckAndRoomBringsAllBack(@TempDir Path aside) throws Exception {
    Map<String, Path> mounted = new LinkedHashMap<>();
    try (LabInternet lab = FourResolvers.lab(true)) {
      try (RealNode node = new RealNode(lab, FourResolvers.Caches.PLAIN, CoreConfig.Mode.ENFORCE)) {
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          Path folder = folder(one.getValue());
          one.getValue().stop();
          mount(folder, one.getValue() instanceof KnotProcess ? "40m" : "2m", aside);
          mounted.put(one.getKey(), folder);
          one.getValue().restart();
        }
        node.awaitVerified(override(node, lab, "first"));
        lab.hijackDelegation();
        for (Path folder : mounted.values()) {
          fill(folder.resolve("filler"));
        }
        Envelope address = override(node, lab, "second");
        Envelope servers = correction(node, lab);
        // unbound keeps everything in its memory.
        node.awaitWord(address, "u1", "verified");
        node.awaitWord(servers, "u1", "verified");
        node.awaitWord(address, "b1", "verified");
        node.awaitWord(address, "p1", "verified");
        awaitTrouble(node, address, "k1", "No space left");
        awaitTrouble(node, servers, "p1", "No space left");
        awaitTrouble(node, servers, "b1", "addzone failed: .*a full disk perhaps");
        for (Map.Entry<String, Path> one : mounted.entrySet()) {
          Files.delete(one.getValue().resolve("filler"));
        }
        node.awaitVerified(address);
        node.awaitVerified(servers);
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          assertThat(ask(one.getValue(), lab.www()))
              .as(one.getKey())
              .containsExactly(lab.rightAddress().getHostAddress());
          one.getValue().restart();
        }
        for (Map.Entry<String, LabResolver> one : node.beside().entrySet()) {
          await()
              .atMost(Duration.ofSeconds(30))
              .untilAsserted(() ->
                  assertThat(ask(one.getValue(), lab.www()))
                      .as("%s, from what is on its disk", one.getKey())
                      .containsExactly(lab.rightAddress().getHostAddress()));
        }
        node.recall(servers);
        for (String resolver : node.beside().keySet()) {
          node.awaitWord(servers, resolver, "cleared");
        }
      }
    } finally {
      for (Path folder : mounted.values()) {
        run("umount", "-l", folder.toString());
        run("rm", "-r", folder.toString());
      }
    }
  }

  private static Envelope correction(RealNode node, LabInternet lab) {
    List<Statement.NameServer> servers = new ArrayList<>();
    lab.rightNameServers()
        .forEach((name, address) ->
            servers.add(
                new Statement.NameServer(
                    DnsName.of(name), List.of(ByteString.copyFrom(address.getAddress())))));
    return node.raise(
        new Statement.OverrideAction(List.of(), servers, List.of(), List.of(), false, 0),
        lab.domain());
  }

  private static void mount(Path folder, String size, Path aside) throws Exception {
    Path kept = aside.resolve(Objects.requireNonNull(folder.getFileName()));
    copy(folder, kept);
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assumeTrue(mount.waitFor() == 0, "no file system may be mounted here: " + said);
    copy(kept, folder);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(at)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path at, BasicFileAttributes attributes)
              throws IOException {
            if (Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)) {
              Files.copy(at, to.resolve(from.relativize(at)), StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4_096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }
}
