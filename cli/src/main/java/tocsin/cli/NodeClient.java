package tocsin.cli;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tocsin.node.transport.ControlChannel;
import tocsin.proto.ControlGrpc;

/// The node's control interface, over its Unix domain socket.
final class NodeClient implements AutoCloseable {
  /// Long enough for a node that is busy, short enough for a person who waits.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ManagedChannel channel;
  private final UnaryOperator<String> command;

  private NodeClient(ManagedChannel channel, UnaryOperator<String> command) {
    this.channel = channel;
    this.command = command;
  }

  /// @param command how a command of this name is written here, for messages
  /// @throws Failure with exit code 4 if nothing listens there
  static NodeClient connect(Path socket, UnaryOperator<String> command) throws Failure {
    if (!listens(socket)) {
      throw new Failure(ExitCode.UNREACHABLE, "the node does not run")
          .because("nothing listens on " + socket)
          .tryThis(command.apply("run"));
    }
    return new NodeClient(ControlChannel.open(socket), command);
  }

  /// Finds out without gRPC, which takes long to load.
  static boolean listens(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /// One call.
  <T> T call(Function<ControlGrpc.ControlBlockingStub, T> rpc) throws Failure {
    return call(PATIENCE, rpc);
  }

  /// One call that may take so long.
  <T> T call(Duration patience, Function<ControlGrpc.ControlBlockingStub, T> rpc) throws Failure {
    try {
      return rpc.apply(
          ControlGrpc.newBlockingStub(channel)
              .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  /// What a stream brings, until `consumer` says that it has seen enough.
  ///
  /// @return false if the time was up first
  <T> boolean watch(
      Duration patience,
      Function<ControlGrpc.ControlBlockingStub, Iterator<T>> rpc,
      Function<T, Boolean> consumer)
      throws Failure {
    try {
      Iterator<T> stream =
          rpc.apply(
              ControlGrpc.newBlockingStub(channel)
                  .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
      while (stream.hasNext()) {
        if (consumer.apply(stream.next())) {
          return true;
        }
      }
      throw new Failure(ExitCode.UNREACHABLE, "the node stopped while we waited");
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
        return false;
      }
      throw failure(e);
    }
  }

  private Failure failure(StatusRuntimeException e) {
    String said = e.getStatus().getDescription();
    String sentence = said == null ? "the node answered " + e.getStatus().getCode() : said;
    Failure failure =
        switch (e.getStatus().getCode()) {
          case UNAVAILABLE ->
              new Failure(ExitCode.UNREACHABLE, "the node does not answer")
                  .because(sentence)
                  .tryThis(command.apply("run"));
          case PERMISSION_DENIED -> new Failure(ExitCode.REFUSED, sentence);
          case NOT_FOUND -> new Failure(ExitCode.NOT_FOUND, sentence);
          case INVALID_ARGUMENT, OUT_OF_RANGE -> new Failure(ExitCode.USAGE, sentence);
          case FAILED_PRECONDITION -> new Failure(ExitCode.HALTED, sentence);
          case DEADLINE_EXCEEDED ->
              new Failure(ExitCode.PARTIAL, "the node did not answer in time")
                  .because("its disk may be full or slow; what was handed in may still be taken in")
                  .tryThis(command.apply("status"));
          default -> new Failure(ExitCode.FAILED, sentence);
        };
    return failure.causedBy(e);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
