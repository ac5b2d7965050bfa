package tocsin.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerIT {
  private static final MethodDescriptor<ByteString, ByteString> ECHO =
      MethodDescriptor.newBuilder(ByteMarshaller.INSTANCE, ByteMarshaller.INSTANCE)
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Echo/Say")
          .build();

  /// Says back what it hears, and on which kind of thread.
  private static final BindableService SERVICE =
      () ->
          ServerServiceDefinition.builder("test.Echo")
              .addMethod(
                  ECHO,
                  ServerCalls.asyncUnaryCall((request, answer) -> {
                    assertThat(Thread.currentThread().isVirtual()).isTrue();
                    answer.onNext(request);
                    answer.onCompleted();
                  }))
              .build();

  @TempDir Path folder;

  private Path socket() {
    return folder.resolve("control.sock");
  }

  private static String say(Path socket, String text) {
    ManagedChannel channel = ControlChannel.open(socket);
    try {
      return ClientCalls.blockingUnaryCall(
              channel, ECHO, CallOptions.DEFAULT, ByteString.copyFromUtf8(text))
          .toStringUtf8();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void aCommandReachesItsNodeAndTheFileIsForTheOwnerOnly() throws IOException {
    try (ControlServer server = ControlServer.open(socket(), SERVICE)) {
      assertThat(server.socket()).isEqualTo(socket());
      assertThat(say(socket(), "hello")).isEqualTo("hello");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
          .isEqualTo("rw-------");
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).containsExactly(socket());
      }
    }
    assertThat(socket()).doesNotExist();
  }

  @Test
  void nobodyThere() {
    assertThatThrownBy(() -> ControlChannel.open(socket()))
        .isInstanceOf(TransportFailure.class)
        .hasMessage(
            "no node runs here (nobody answers on " + socket() + "); start it with \"tocsin run\"");
  }

  @Test
  void theSocketOfADeadNodeIsReplaced() throws IOException {
    try (ServerSocketChannel dying = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dying.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertThat(socket()).exists();
    assertThatThrownBy(() -> ControlChannel.open(socket())).hasMessageContaining("no node runs");
    try (ControlServer _ = ControlServer.open(socket(), SERVICE)) {
      assertThat(say(socket(), "again")).isEqualTo("again");
    }
  }

  @Test
  void theSocketOfALivingNodeIsNot() {
    try (ControlServer _ = ControlServer.open(socket(), SERVICE)) {
      assertThatThrownBy(() -> ControlServer.open(socket(), SERVICE))
          .isInstanceOf(TransportFailure.class)
          .hasMessage(
              "a node runs in this folder already: it answers on the control socket " + socket());
      assertThat(say(socket(), "still here")).isEqualTo("still here");
    }
  }

  @Test
  void aFileThatIsNoSocketIsLeftAlone() throws IOException {
    Files.writeString(socket(), "a letter");
    assertThatThrownBy(() -> ControlServer.open(socket(), SERVICE))
        .isInstanceOf(TransportFailure.class)
        .hasMessageContaining("something else is there");
    assertThatThrownBy(() -> ControlChannel.open(socket()))
        .isInstanceOf(TransportFailure.class)
        .hasMessageContaining("no control socket");
    assertThat(socket()).hasContent("a letter");
  }

  @Test
  void thePathHasALimitAndEveryLengthBelowItWorks() throws IOException {
    int limit = TransportLimits.SOCKET_PATH_BYTES;
    Path deep = folder.resolve("d".repeat(limit - folder.toString().length() - 14));
    Files.createDirectories(deep);
    Path longest = deep.resolve("control.sock");
    assertThat(longest.toString()).hasSize(limit);
    try (ControlServer _ = ControlServer.open(longest, SERVICE)) {
      assertThat(say(longest, "far")).isEqualTo("far");
    }
    Path tooLong = deep.resolve("control.socke");
    assertThatThrownBy(() -> ControlServer.open(tooLong, SERVICE))
        .isInstanceOf(TransportFailure.class)
        .hasMessageContaining("has 107 bytes")
        .hasMessageContaining("[control] socket");
  }

  @Test
  void aFolderThatIsMissingIsSaid() {
    assertThatThrownBy(() -> ControlServer.open(folder.resolve("no/control.sock"), SERVICE))
        .isInstanceOf(TransportFailure.class)
        .hasMessageContaining("its folder is missing or cannot be written");
  }
}
