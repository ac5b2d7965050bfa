package tocsin.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import tocsin.cli.demo.Folder;
import tocsin.cli.demo.Measured;
import tocsin.cli.demo.Pace;
import tocsin.cli.demo.Percentiles;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.SequenceBook.Last;
import tocsin.proto.AlertView;
import tocsin.proto.AlertsGrpc;
import tocsin.proto.GetStatusRequest;
import tocsin.proto.PeerAddress;
import tocsin.proto.SubmitReply;
import tocsin.proto.SubmitRequest;
import tocsin.proto.WatchRequest;
import tocsin.storage.EnvelopeDecoder;
import tocsin.storage.LogEntry;
import tocsin.storage.RocksStatementLog;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.SigningKey;
import tocsin.trust.StatementId;

/// Lets a brand-new node catch up with one that has a large log, and raises alerts meanwhile.
///
/// The new node has chosen its anchors and runs; it catches up from the moment at which its
/// operator names the other node (`tocsin peer add`). The alerts are handed to the other node by
/// its control interface; their issuer is that node's own organization, an anchor of both. They are
/// drills: nothing is enacted for them, but they are judged, listed and shown as others are.
///
/// An arrival is the time from just before an alert is handed in until the new node's consumer
/// interface has shown it here, by the clock of this one process.
final class NewcomerBench {
  /// The quota of a key is for organizations, not for benchmarks; it must be equal on both.
  private static final String QUOTA = "policy.slot-quota=100000";

  /// At fifty a second six thousand are live at once: a node takes ten thousand, those of its log
  /// too.
  private static final long LIFE_MILLIS = 120_000;

  /// Raised afterwards, at most.
  private static final int MAX_AFTER = 600;

  private static final long NANOS = 1_000_000_000L;

  /// Between two looks at how far the new node has come.
  private static final long LOOK_NANOS = NANOS / 4;

  /// A newcomer that takes in nothing for so long does not catch up any more. (Digests go out every
  /// five seconds, and a log is read again from its beginning after a minute.)
  private static final long STANDSTILL_NANOS = 150 * NANOS;

  /// Alerts that have not come so long after the last of them was raised do not come any more.
  private static final long ARRIVAL_NANOS = 30 * NANOS;

  private final Session session;
  private final BenchNode first;
  private final BenchNode newcomer;
  private final int rate;

  /// When alerts were shown by the new node.
  private final Map<ByteString, Long> shown = new ConcurrentHashMap<>();

  /// The last alert that was raised.
  private Optional<Last> last = Optional.empty();

  private NewcomerBench(Session session, BenchNode first, BenchNode newcomer, int rate) {
    this.session = session;
    this.first = first;
    this.newcomer = newcomer;
    this.rate = rate;
  }

  /// @param on a folder inside it is made and deleted
  /// @param rate alerts a second
  static Map<String, Object> run(Session session, Path on, int statements, int rate)
      throws IOException, InterruptedException, Failure {
    String program = BenchNode.program(session, "tocsin bench newcomer");
    try (Folder inside = Folder.in(on, "tocsin-bench-")) {
      BenchNode first =
          BenchNode.found(inside.path().resolve("first"), program, "first", List.of(QUOTA));
      int port = FreePort.find();
      BenchNode newcomer =
          BenchNode.found(
              inside.path().resolve("new"),
              program,
              "newcomer",
              List.of(QUOTA, "web.grpc-listen=127.0.0.1:" + port));
      LargeLog content = first.fill(session, statements);
      return new NewcomerBench(session, first, newcomer, rate).measure(content, port);
    }
  }

  private Map<String, Object> measure(LargeLog content, int port)
      throws IOException, InterruptedException, Failure {
    session.progress("both nodes start");
    Map<String, Object> figures = new LinkedHashMap<>();
    try (BenchNode.Started old = first.start();
        BenchNode.Started fresh = newcomer.start()) {
      fresh.anchors(content);
      for (BenchNode.Started each : List.of(old, fresh)) {
        each.anchor(first.card(), "first");
      }
      try (NodeClient atOld = old.client();
          NodeClient atFresh = fresh.client();
          Watch _ = watch(port)) {
        figures.put("processors", Runtime.getRuntime().availableProcessors());
        figures.putAll(new CatchingUp(atOld, atFresh).run());
        figures.put("resident_mb_at_most_newcomer", fresh.megabytes("VmHWM"));
        figures.put("resident_mb_at_most_first", old.megabytes("VmHWM"));
      } catch (Failure e) {
        // Whatever one of them did not answer, that it has ended says more.
        old.requireAlive();
        fresh.requireAlive();
        throw e;
      }
      fresh.stop();
      old.stop();
    }
    session.progress("both logs are compared");
    figures.put("missing", missing());
    return figures;
  }

  /// What the new node shows, for as long as this is open.
  private record Watch(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  private Watch watch(int port) {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
            .build();
    AlertsGrpc.newStub(channel)
        .watch(
            WatchRequest.getDefaultInstance(),
            new StreamObserver<AlertView>() {
              @Override
              public void onNext(AlertView alert) {
                shown.putIfAbsent(alert.getId(), System.nanoTime());
              }

              @Override
              public void onError(Throwable cause) {
                // Either this process has ended the call, or alerts will be missing and be told of.
              }

              @Override
              public void onCompleted() {}
            });
    return new Watch(channel);
  }

  /// One alert that was raised.
  ///
  /// @param handedIn when it was, and how long until it was durable there
  private record Raised(ByteString id, long handedIn, long acknowledgedNanos) {}

  private final class CatchingUp {
    private final NodeClient atOld;
    private final NodeClient atFresh;
    private volatile boolean caughtUp;

    CatchingUp(NodeClient atOld, NodeClient atFresh) {
      this.atOld = atOld;
      this.atFresh = atFresh;
    }

    Map<String, Object> run() throws IOException, InterruptedException, Failure {
      SigningKey key = operations();
      OrganizationId issuer = OwnProfile.organization(first.folder());
      // The first alert meets code that nobody has run yet, at either node.
      Raised _ = raise(key, issuer);
      PeerAddress address = PeerAddress.newBuilder().setAddress(first.gossip().toString()).build();
      FutureTask<List<Raised>> meanwhile =
          new FutureTask<>(() -> raise(key, issuer, Integer.MAX_VALUE));
      long begun = System.nanoTime();
      PeerAddress _ = atFresh.call(node -> node.addPeer(address));
      Thread raising = Thread.ofPlatform().name("raising").start(meanwhile);
      long size;
      try {
        size = awaitAll();
      } finally {
        caughtUp = true;
        raising.join();
      }
      double seconds = (System.nanoTime() - begun) / (double) NANOS;
      List<Raised> during = await(get(meanwhile));
      session.progress("caught up; the same again");
      caughtUp = false;
      List<Raised> after = await(raise(key, issuer, Math.min(during.size(), MAX_AFTER)));
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("statements", size);
      figures.put("seconds", Math.round(seconds * 10) / 10.0);
      figures.put("statements_per_second", Math.round(size / seconds));
      figures.put("alerts_a_second", rate);
      put(figures, "meanwhile", during);
      put(figures, "afterwards", after);
      return figures;
    }

    private void put(Map<String, Object> figures, String when, List<Raised> raised) {
      figures.put("alerts_" + when, raised.size());
      figures.put(
          "arrival_ms_" + when,
          Percentiles.of(
              raised.stream()
                  .map(it -> millis(shown.getOrDefault(it.id(), Long.MAX_VALUE) - it.handedIn()))
                  .toList()));
      figures.put(
          "acknowledged_ms_" + when,
          Percentiles.of(raised.stream().map(it -> millis(it.acknowledgedNanos())).toList()));
    }

    /// Waits until the new node holds as much as the other, and its own profile.
    ///
    /// @return how many statements
    private long awaitAll() throws InterruptedException, Failure {
      long before = -1;
      long moved = System.nanoTime();
      while (true) {
        long wanted = size(atOld);
        long there = size(atFresh) - 1;
        session.progress(Progress.line("caught up", Math.min(there, wanted), wanted));
        if (there >= wanted) {
          return there;
        }
        if (there != before) {
          before = there;
          moved = System.nanoTime();
        }
        if (System.nanoTime() - moved > STANDSTILL_NANOS) {
          throw new Failure(
              ExitCode.FAILED,
              "the new node has %d of %d statements, and for %d s none has come"
                  .formatted(there, wanted, STANDSTILL_NANOS / NANOS));
        }
        LockSupport.parkNanos(LOOK_NANOS);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }

    private static long size(NodeClient client) throws Failure {
      return client
          .call(node -> node.getStatus(GetStatusRequest.getDefaultInstance()))
          .getLogSize();
    }

    /// Until there are enough, or until the new node has caught up.
    private List<Raised> raise(SigningKey key, OrganizationId issuer, int count) throws Failure {
      List<Raised> raised = new ArrayList<>();
      Pace pace = Pace.perSecond(rate);
      while (raised.size() < count && !caughtUp) {
        pace.await();
        raised.add(raise(key, issuer));
      }
      return raised;
    }

    private Raised raise(SigningKey key, OrganizationId issuer) throws Failure {
      Envelope alert = alert(key, issuer);
      try {
        SubmitRequest request =
            SubmitRequest.newBuilder()
                .setEnvelope(tocsin.proto.Envelope.parseFrom(alert.wire()))
                .build();
        long handedIn = System.nanoTime();
        SubmitReply reply = atOld.call(node -> node.submit(request));
        return new Raised(reply.getId(), handedIn, System.nanoTime() - handedIn);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError("what was just signed cannot be read", e);
      }
    }

    /// Waits until the new node has shown them all.
    private List<Raised> await(List<Raised> raised) throws InterruptedException, Failure {
      long end = System.nanoTime() + ARRIVAL_NANOS;
      while (true) {
        long outstanding = raised.stream().filter(it -> !shown.containsKey(it.id())).count();
        if (outstanding == 0) {
          return raised;
        }
        if (System.nanoTime() > end) {
          throw new Failure(
              ExitCode.FAILED,
              "of %d new alerts the new node has not shown %d"
                  .formatted(raised.size(), outstanding));
        }
        Thread.sleep(20);
      }
    }
  }

  private SigningKey operations() throws Failure {
    try {
      return KeyFiles.read(first.folder().key("operations"), Optional.empty());
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private static <T> T get(FutureTask<T> task) throws InterruptedException, Failure {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Envelope alert(SigningKey key, OrganizationId issuer) {
    Header header =
        Headers.next(
            NetworkId.named(BenchNode.NETWORK),
            issuer,
            key.id(),
            System.currentTimeMillis(),
            LIFE_MILLIS,
            Optional.empty(),
            last);
    Envelope envelope =
        Envelopes.sign(
            Measured.alert(header, DnsName.of("www.newcomer.test"), "measured"), List.of(key));
    last = Optional.of(Last.of(header, envelope.id()));
    return envelope;
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 100_000.0) / 10.0;
  }

  /// How many statements of the one log are not in the other, of the stopped nodes.
  ///
  /// @return 0
  private long missing() throws Failure {
    long missing = 0;
    try (RocksStatementLog all =
            RocksStatementLog.open(first.folder().data(), EnvelopeDecoder.SIGNED);
        RocksStatementLog there =
            RocksStatementLog.open(newcomer.folder().data(), EnvelopeDecoder.SIGNED)) {
      for (long index = 0; index < all.size(); index += SCANNED) {
        for (LogEntry entry : all.scan(index, SCANNED)) {
          StatementId id = entry.envelope().id();
          missing += there.contains(id) ? 0 : 1;
        }
      }
      if (missing > 0) {
        throw new Failure(
            ExitCode.FAILED,
            "of %d statements the new node lacks %d".formatted(all.size(), missing));
      }
    }
    return missing;
  }

  private static final int SCANNED = 1_024;
}
