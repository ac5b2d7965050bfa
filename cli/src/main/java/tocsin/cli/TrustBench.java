package tocsin.cli;

import com.google.protobuf.ByteString;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyId;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.PublicKey;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.Signatures;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementCodec;
import tocsin.trust.StatementId;
import tocsin.trust.graph.Judge;
import tocsin.trust.graph.TrustGraph;
import tocsin.trust.graph.TrustPolicy;

/// How fast statements are verified and alerts are judged, in an invented network: five anchors
/// vouch for a hundredth of the organizations as vetters, and those for all the others as
/// submitters.
final class TrustBench {
  private static final NetworkId NETWORK = NetworkId.named("bench");
  private static final long NOW = 1_795_456_800_000L;
  private static final long DAY = 24 * Header.HOUR_MILLIS;
  private static final int ANCHORS = 5;
  private static final int ALERTS = 200;

  /// Rounds before the measured ones: until the compiler has done its work.
  private static final int WARM_UP = 300;

  private final int organizations;
  private final int vouches;
  private final int rounds;
  private final Consumer<String> progress;
  private final List<OrganizationId> ids = new ArrayList<>();
  private final List<KeyId> keys = new ArrayList<>();
  private final int[] said;

  TrustBench(int organizations, int vouches, int rounds, Consumer<String> progress) {
    this.organizations = organizations;
    this.vouches = vouches;
    this.rounds = rounds;
    this.progress = progress;
    this.said = new int[organizations];
  }

  Map<String, Object> run() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("benchmark", "trust");
    verifying(fields);
    judging(fields);
    return fields;
  }

  // ---- signatures

  private void verifying(Map<String, Object> fields) {
    SigningKey key =
        SigningKey.fromSeed(Sha256.of(ByteString.copyFromUtf8("bench")).toByteString());
    List<Envelope> signed = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      signed.add(
          Envelopes.sign(
              alert(new OrganizationId(Sha256.ZERO), key.id(), i + 1, "bank-" + i + ".test"),
              List.of(key)));
    }
    for (Signatures signatures : Signatures.ofEngines()) {
      Envelopes envelopes = new Envelopes(signatures);
      List<ByteString> texts = new ArrayList<>();
      List<ByteString> values = new ArrayList<>();
      for (Envelope it : signed) {
        tocsin.proto.Envelope message = parse(it.wire());
        texts.add(Envelopes.preAuthenticationEncoding(message.getPayloadType(), message.getBody()));
        values.add(message.getSignatures(0).getValue());
      }
      PublicKey speaker = key.publicKey();
      double raw = perSecond(i -> signatures.verify(speaker, texts.get(i), values.get(i)));
      double whole =
          perSecond(i -> envelopes.verify(signed.get(i).wire()) instanceof EnvelopeVerdict.Valid);
      String engine = signatures.engine();
      progress.accept(engine + " verified");
      fields.put(engine + ", whole envelopes per second and core", Math.round(whole));
      fields.put(engine + ", signatures alone under the strict rule", Math.round(raw));
    }
  }

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// Processor time of this thread, in nanoseconds: what others do on the machine counts as little
  /// as possible.
  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private interface Check {
    boolean good(int index);
  }

  private static double perSecond(Check check) {
    long until = now() + 1_500_000_000L;
    while (now() < until) {
      require(check, 512);
    }
    long begun = now();
    int done = 0;
    while (now() - begun < 3_000_000_000L) {
      require(check, 512);
      done += 512;
    }
    return done * 1e9 / (now() - begun);
  }

  private static void require(Check check, int count) {
    for (int i = 0; i < count; i++) {
      if (!check.good(i)) {
        throw new AssertionError("a good signature was refused");
      }
    }
  }

  private static tocsin.proto.Envelope parse(ByteString wire) {
    try {
      return tocsin.proto.Envelope.parseFrom(wire);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError("it was made here", e);
    }
  }

  // ---- the web

  private void judging(Map<String, Object> fields) {
    long before = usedBytes();
    TrustGraph graph = new TrustGraph(NETWORK, Integer.MAX_VALUE);
    Random random = new Random(1);
    for (int i = 0; i < organizations; i++) {
      Envelope profile = profile(i);
      ids.add(profile.issuer());
      graph.add(profile, NOW - DAY);
    }
    progress.accept(organizations + " organizations");
    int vetters = Math.max(organizations / 100, 10);
    TreeSet<OrganizationId> anchors = new TreeSet<>(ids.subList(0, ANCHORS));
    for (int i = ANCHORS; i < ANCHORS + vetters; i++) {
      for (int j = 0; j < 2; j++) {
        graph.add(vouch(random.nextInt(ANCHORS), i, true), NOW - DAY);
      }
    }
    for (int i = 2 * vetters; i < vouches; i++) {
      int from = ANCHORS + random.nextInt(vetters);
      int to = ANCHORS + vetters + random.nextInt(organizations - ANCHORS - vetters);
      graph.add(vouch(from, to, false), NOW - DAY);
    }
    progress.accept(vouches + " vouches");
    long begun = now();
    TrustGraph base = graph.fork();
    long packed = now() - begun;
    long after = usedBytes();
    fields.put("organizations", organizations);
    fields.put("vouches", vouches);
    fields.put("vetters", vetters);
    fields.put("table of all vouches made, milliseconds", packed / 1_000_000);
    fields.put("memory of the table of vouches, MB", base.vouchTableBytes() / 1_000_000.0);
    fields.put("memory with all statements and chains, MB", (after - before) >> 20);
    whole(base, anchors, fields);
    decisions(base, anchors, random, fields);
  }

  private void whole(
      TrustGraph graph, SortedSet<OrganizationId> anchors, Map<String, Object> fields) {
    Judge judge = new Judge(graph, TrustPolicy.DEFAULT, anchors);
    int reached = 0;
    for (int i = 0; i < WARM_UP; i++) {
      reached = judge.reached(NOW);
    }
    long[] whole = new long[10 * rounds];
    for (int i = 0; i < whole.length; i++) {
      long begun = now();
      judge.reached(NOW);
      whole[i] = now() - begun;
    }
    fields.put("reached from " + ANCHORS + " anchors", reached);
    fields.put("whole web anew, p50 milliseconds", percentile(whole, 50) / 1e6);
    fields.put("whole web anew, p99 milliseconds", percentile(whole, 99) / 1e6);
  }

  /// Each alert is filed with two endorsements in a fork of its own of the web, as each simulated
  /// node does, and judged there.
  private void decisions(
      TrustGraph base,
      SortedSet<OrganizationId> anchors,
      Random random,
      Map<String, Object> fields) {
    int vetters = Math.max(organizations / 100, 10);
    List<Envelope> alerts = new ArrayList<>();
    List<Envelope> endorsements = new ArrayList<>();
    for (int i = 0; i < ALERTS; i++) {
      int by = ANCHORS + vetters + random.nextInt(organizations - ANCHORS - vetters);
      Envelope alert =
          unsigned(alert(ids.get(by), keys.get(by), ++said[by], "bank-" + i + ".test"), by);
      alerts.add(alert);
      for (int j = 0; j < 2; j++) {
        int endorser = ANCHORS + vetters + random.nextInt(organizations - ANCHORS - vetters);
        endorsements.add(endorsement(endorser, alert.id()));
      }
    }
    List<TrustGraph> forks = new ArrayList<>();
    long before = usedBytes();
    long[] filing = new long[rounds * ALERTS];
    long[] decision = new long[rounds * ALERTS];
    int active = 0;
    for (int round = -WARM_UP; round < rounds; round++) {
      if (round == 0) {
        forks.clear();
        before = usedBytes();
      }
      TrustGraph fork = base.fork();
      forks.add(fork);
      Judge judge = new Judge(fork, TrustPolicy.DEFAULT, anchors);
      for (int i = 0; i < ALERTS; i++) {
        long begun = now();
        fork.add(alerts.get(i), NOW);
        fork.add(endorsements.get(2 * i), NOW);
        fork.add(endorsements.get(2 * i + 1), NOW);
        long filed = now();
        boolean accepted = judge.judge(alerts.get(i).id(), NOW).orElseThrow().isActive();
        long judged = now();
        if (round >= 0) {
          active += accepted ? 1 : 0;
          filing[round * ALERTS + i] = (filed - begun) / 3;
          decision[round * ALERTS + i] = judged - filed;
        }
      }
    }
    long after = usedBytes();
    fields.put("alerts accepted, of " + ALERTS, active / rounds);
    fields.put("one decision, p50 microseconds", percentile(decision, 50) / 1e3);
    fields.put("one decision, p99 microseconds", percentile(decision, 99) / 1e3);
    fields.put("one statement filed, p50 microseconds", percentile(filing, 50) / 1e3);
    fields.put("one statement filed, p99 microseconds", percentile(filing, 99) / 1e3);
    fields.put(
        "memory of a fork with " + ALERTS + " alerts endorsed twice, kB",
        (after - before) / forks.size() / 1_000);
  }

  private static long percentile(long[] values, int percent) {
    long[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[Math.min(sorted.length * percent / 100, sorted.length - 1)];
  }

  private static long usedBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  // ---- statements, unsigned: verifying is measured apart

  private static Header header(
      Optional<OrganizationId> issuer, KeyId key, int sequence, long issued, long expires) {
    return new Header(
        NETWORK,
        issuer,
        key,
        sequence,
        sequence == 1 ? Optional.empty() : Optional.of(new StatementId(Sha256.ZERO)),
        issued,
        expires,
        issued / Header.HOUR_MILLIS,
        sequence);
  }

  private Envelope profile(int number) {
    PublicKey root = publicKey("root " + number);
    PublicKey key = publicKey("key " + number);
    keys.add(key.id());
    Header header = header(Optional.empty(), root.id(), 1, NOW - 2 * DAY, 0);
    return unsigned(
        new Statement.Profile(
            header,
            1,
            "Organization " + number,
            "",
            "",
            List.of(),
            List.of(root),
            1,
            List.of(
                new Statement.OperationalKey(
                    key,
                    List.of(KeyUse.SUBMIT, KeyUse.ENDORSE, KeyUse.VOUCH),
                    0,
                    NOW + 1_000 * DAY,
                    "")),
            ""),
        root);
  }

  /// Nobody knows its secret half: no signature of these is verified.
  private static PublicKey publicKey(String name) {
    return PublicKey.ed25519(Sha256.of(ByteString.copyFromUtf8(name)).toByteString());
  }

  private Envelope vouch(int from, int to, boolean vetter) {
    return unsigned(
        new Statement.Vouch(
            header(Optional.of(ids.get(from)), keys.get(from), ++said[from], NOW - DAY, NOW + DAY),
            ids.get(to),
            List.of(vetter ? Role.VETTER : Role.SUBMITTER),
            List.of(DnsName.ROOT),
            vetter ? 2 : 0,
            ""),
        from);
  }

  private Envelope endorsement(int by, StatementId alert) {
    return unsigned(
        new Statement.Endorsement(
            header(Optional.of(ids.get(by)), keys.get(by), ++said[by], NOW, NOW + DAY), alert),
        by);
  }

  private static Statement alert(OrganizationId issuer, KeyId key, int sequence, String name) {
    return new Statement.Alert(
        header(Optional.of(issuer), key, sequence, NOW, NOW + DAY),
        List.of(DnsName.of(name)),
        false,
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(ByteString.fromHex("cb007201"))),
            List.of(),
            List.of(),
            List.of(),
            false,
            60),
        Optional.empty(),
        Optional.empty(),
        Severity.SEVERE,
        "hijacked",
        "seen from three networks",
        false);
  }

  private static Envelope unsigned(Statement statement, int by) {
    return unsigned(statement, publicKey("key " + by));
  }

  private static Envelope unsigned(Statement statement, PublicKey key) {
    return Envelopes.fromLog(
        tocsin.proto.Envelope.newBuilder()
            .setPayloadType(statement.kind().payloadType())
            .setBody(StatementCodec.encode(statement))
            .addSignatures(
                tocsin.proto.Signature.newBuilder()
                    .setKey(
                        tocsin.proto.PublicKey.newBuilder()
                            .setAlgorithm(tocsin.proto.Algorithm.ED25519)
                            .setKey(key.key()))
                    .setValue(ByteString.copyFrom(new byte[64])))
            .build()
            .toByteString());
  }
}
