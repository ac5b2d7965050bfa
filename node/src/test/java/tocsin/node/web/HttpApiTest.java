package tocsin.node.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tocsin.proto.AlertState;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HttpApiTest {
  private final Alerts alerts = new Alerts();
  private final AlertFeed feed = new AlertFeed(alerts::find);
  private final HttpApi api = open();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpApi open() {
    try {
      return new HttpApi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), feed);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void start() {
    alerts.put(Alerts.alert(1, AlertState.ACTIVE, false, "www.bank.test."), feed);
    alerts.put(Alerts.alert(2, AlertState.ACTIVE, true, "zone.test."), feed);
    alerts.put(Alerts.alert(3, AlertState.PENDING, false, "www.bank.test."), feed);
    alerts.put(Alerts.alert(4, AlertState.RECALLED, false, "old.test."), feed);
    feed.start();
    await().until(() -> feed.live().size() == 3);
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
    feed.close();
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + api.address().getPort() + path);
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(at(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    return JsonMapper.shared().readTree(response.body());
  }

  @Test
  void allThatAreLive() throws Exception {
    JsonNode said = json("/v1/alerts");
    assertThat(said.get("schema").asString()).isEqualTo("tocsin.alerts/v1");
    assertThat(said.get("alerts").size()).isEqualTo(3);
    JsonNode first = said.get("alerts").get(0);
    assertThat(first.get("schema").asString()).isEqualTo("tocsin.alert/v1");
    assertThat(first.get("id").asString()).isEqualTo(Alerts.id(1));
    assertThat(first.get("names").get(0).asString()).isEqualTo("www.bank.test.");
    assertThat(first.get("state").asString()).isEqualTo("active");
    assertThat(first.get("records").get(0).asString()).isEqualTo("A 192.0.2.1");
    assertThat(first.get("records").get(1).asString()).isEqualTo("TXT \"a\\\"b\\010\"");
  }

  @Test
  void oneByItsId() throws Exception {
    assertThat(json("/v1/alerts/" + Alerts.id(4)).get("state").asString()).isEqualTo("recalled");
    assertThat(get("/v1/alerts/" + Alerts.id(99)).statusCode()).isEqualTo(404);
    assertThat(get("/v1/alerts/12").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "www.bank.test, 1",
    "WWW.bank.TEST., 1",
    "x.www.bank.test., 0",
    "zone.test, 1",
    "a.b.zone.test, 1",
    "test, 0",
    "old.test, 0",
  })
  void aNameIsLookedUp(String name, int count) throws Exception {
    JsonNode said = json("/v1/lookup/" + name);
    assertThat(said.get("alerts").size()).isEqualTo(count);
    assertThat(said.get("listed").asBoolean()).isEqualTo(count > 0);
  }

  @ParameterizedTest
  @CsvSource({
    "/, 404",
    "/v1/nothing, 404",
    "/v1/lookup/, 400",
    "/v1/lookup/a..b, 400",
    "/v1/lookup/%0d%0aSet-Cookie:x, 400",
    "/v1/lookup/%3cscript%3e, 400",
    "/v1/alerts/%2e%2e%2fetc, 400",
  })
  void badPathsAreSaidInOneSentence(String path, int status) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(status);
    JsonNode said = JsonMapper.shared().readTree(response.body());
    assertThat(said.get("schema").asString()).isEqualTo("tocsin.error/v1");
    assertThat(said.get("error").asString()).isNotBlank();
    assertThat(response.headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(at("/v1/alerts"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(at("/v1/alerts")).HEAD().build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void theStreamTellsAllAndThenEachChange() throws Exception {
    HttpResponse<Stream<String>> response =
        client.send(
            HttpRequest.newBuilder(at("/v1/stream")).build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    try (Stream<String> lines = response.body()) {
      var iterator = lines.iterator();
      List<String> seen = new ArrayList<>();
      while (!seen.contains("event: live")) {
        seen.add(iterator.next());
      }
      // A headline with line breaks is still one line.
      assertThat(seen.stream().filter(line -> line.startsWith("data: {\"schema\""))).hasSize(3);
      assertThat(seen).noneMatch(line -> line.equals("data: x"));
      alerts.put(Alerts.alert(1, AlertState.RECALLED, false, "www.bank.test."), feed);
      String event = "";
      while (!event.contains("recalled")) {
        event = iterator.next();
      }
      assertThat(event).contains(Alerts.id(1));
    }
    assertThat(json("/v1/lookup/www.bank.test").get("listed").asBoolean()).isFalse();
    // The next event finds nobody there.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          alerts.put(
              Alerts.alert(5, AlertState.ACTIVE, false, "x" + System.nanoTime() + ".test."), feed);
          return feed.subscribers() == 0;
        });
  }

  @Test
  void strangersAreRefusedCheaply() throws Exception {
    Random random = new Random(8);
    for (int i = 0; i < 300; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(api.address());
        byte[] noise =
            switch (i % 4) {
              case 0 ->
                  ("GET /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n")
                      .getBytes(StandardCharsets.US_ASCII);
              case 1 ->
                  ("GET / HTTP/1.1\r\nA: " + "y".repeat(20_000) + "\r\n\r\n")
                      .getBytes(StandardCharsets.US_ASCII);
              case 2 ->
                  "GET / HTTP/9\r\n\r\nGET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
              default -> {
                byte[] bytes = new byte[1 + random.nextInt(500)];
                random.nextBytes(bytes);
                yield bytes;
              }
            };
        socket.getOutputStream().write(noise);
      } catch (IOException e) {
        // Closed while we wrote.
      }
    }
    assertThat(json("/v1/alerts").get("alerts").size()).isEqualTo(3);
  }

  @Test
  void subscribersAreLimited() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < WebLimits.SUBSCRIBERS + 1; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(api.address());
        socket
            .getOutputStream()
            .write(
                "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        int open = i + 1;
        if (i < WebLimits.SUBSCRIBERS) {
          await().pollInterval(Duration.ofMillis(1)).until(() -> feed.subscribers() == open);
        }
      }
      Socket last = sockets.getLast();
      last.setSoTimeout(10_000);
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(last.getInputStream(), StandardCharsets.UTF_8));
      assertThat(reader.lines()).contains("event: refused");
    } finally {
      for (Socket each : sockets) {
        each.close();
      }
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> feed.subscribers() == 0);
  }

  @Test
  void anAddressInUseIsSaidInOneSentence() {
    assertThatThrownBy(() -> new HttpApi(api.address(), feed).close())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot serve HTTP on 127.0.0.1 port ");
  }
}
