package tocsin.node.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.proto.AlertsGrpc;
import tocsin.proto.LookupRequest;
import tocsin.proto.WatchRequest;

class GrpcApiTest {
  private final Alerts alerts = new Alerts();
  private final AlertFeed feed = new AlertFeed(alerts::find);
  private final GrpcApi api = open();
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()))
          .usePlaintext()
          .build();

  private GrpcApi open() {
    try {
      return new GrpcApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), feed);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    alerts.put(Alerts.alert(1, AlertState.ACTIVE, true, "bank.test."), feed);
    alerts.put(Alerts.alert(2, AlertState.PENDING, false, "other.test."), feed);
    feed.start();
    await().until(() -> feed.live().size() == 2);
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    api.close();
    feed.close();
  }

  private AlertsGrpc.AlertsBlockingStub stub() {
    return AlertsGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @Test
  void namesAreLookedUp() {
    var found = stub().lookup(LookupRequest.newBuilder().setName("www.Bank.test").build());
    assertThat(found.getAlertsList()).hasSize(1);
    assertThat(found.getAlerts(0).getAlert().getNames(0)).isEqualTo("bank.test.");
    assertThat(
            stub().lookup(LookupRequest.newBuilder().setName("other.test").build()).getAlertsList())
        .as("pending is not active")
        .isEmpty();
    for (String none : List.of("", "a..b")) {
      assertThatThrownBy(() -> stub().lookup(LookupRequest.newBuilder().setName(none).build()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              refused ->
                  assertThat(refused.getStatus().getCode())
                      .isEqualTo(Status.Code.INVALID_ARGUMENT));
    }
  }

  @Test
  void whoWatchesIsToldAllAndThenEachChange() {
    Iterator<AlertView> told = stub().watch(WatchRequest.getDefaultInstance());
    assertThat(told.next().getState()).isEqualTo(AlertState.ACTIVE);
    assertThat(told.next().getState()).isEqualTo(AlertState.PENDING);
    alerts.put(Alerts.alert(2, AlertState.ACTIVE, false, "other.test."), feed);
    assertThat(told.next().getState()).isEqualTo(AlertState.ACTIVE);
    alerts.put(Alerts.alert(1, AlertState.RESOLVED, true, "bank.test."), feed);
    assertThat(told.next().getState()).isEqualTo(AlertState.RESOLVED);
  }

  @Test
  void healthIsTold() {
    HealthCheckRequest question =
        HealthCheckRequest.newBuilder().setService(AlertsGrpc.SERVICE_NAME).build();
    assertThat(HealthGrpc.newBlockingStub(channel).check(question).getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
  }
}
