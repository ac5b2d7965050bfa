package tocsin.node.resolver;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The web interface of a PowerDNS Recursor (its documentation, "HTTP API"): requests below
/// `/api/v1/servers/localhost`, the key in a header, JSON in answers.
///
/// The key's file is read for each request, so that a new one counts at once and a missing one only
/// means that the resolver is down.
final class PowerDnsApi implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final URI base;
  private final Path keyFile;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(ResolverLimits.CONTROL_CONNECT)
          .build();

  /// @param address of the web server, "http://127.0.0.1:8082"
  PowerDnsApi(URI address, Path keyFile) {
    this.base = URI.create(address.toString().replaceAll("/+$", "") + "/api/v1/servers/localhost/");
    this.keyFile = keyFile;
  }

  /// @param path below the server, "rpzstatistics"
  JsonNode get(String path) throws ResolverException {
    return exchange(path, HttpRequest.newBuilder().GET());
  }

  JsonNode put(String path) throws ResolverException {
    return exchange(path, HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.noBody()));
  }

  private JsonNode exchange(String path, HttpRequest.Builder request) throws ResolverException {
    HttpResponse<byte[]> answer = send(path, request);
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    switch (answer.statusCode()) {
      case 200 -> {}
      case 401 ->
          throw new ResolverException(
              "the web interface "
                  + base.getAuthority()
                  + " refuses the key in "
                  + keyFile
                  + ": is it the \"api-key\" of the recursor?");
      default ->
          throw new ResolverException(
              "the web interface "
                  + base.getAuthority()
                  + " answered "
                  + answer.statusCode()
                  + " to "
                  + path
                  + ": "
                  + UnboundControl.shown(text));
    }
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      throw new ResolverException(
          "the web interface "
              + base.getAuthority()
              + " answered what is no JSON to "
              + path
              + ": "
              + UnboundControl.shown(text),
          e);
    }
  }

  private HttpResponse<byte[]> send(String path, HttpRequest.Builder request)
      throws ResolverException {
    HttpRequest complete =
        request
            .uri(base.resolve(path))
            .header("X-API-Key", key())
            .timeout(ResolverLimits.CONTROL_COMMAND)
            .build();
    Future<HttpResponse<byte[]>> answer =
        client.sendAsync(
            complete,
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), ResolverLimits.CONTROL_ANSWER_BYTES));
    try {
      // The request's own timeout ends with the first byte of the answer.
      return answer.get(ResolverLimits.CONTROL_COMMAND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new ResolverException(tooLate(), e);
    } catch (ExecutionException e) {
      throw new ResolverException(
          switch (e.getCause()) {
            case HttpTimeoutException _ -> tooLate();
            case ConnectException _ ->
                "nobody listens at the web interface "
                    + base.getAuthority()
                    + ": is \"webserver=yes\" set?";
            case null, default ->
                "the web interface "
                    + base.getAuthority()
                    + " failed: "
                    + UnboundControl.shown(String.valueOf(e.getCause()));
          },
          e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new ResolverException("the request was called off", e);
    }
  }

  private String tooLate() {
    return "the web interface "
        + base.getAuthority()
        + " gave no complete answer within "
        + ResolverLimits.CONTROL_COMMAND.toSeconds()
        + " s";
  }

  private String key() throws ResolverException {
    String key;
    try {
      if (Files.size(keyFile) > ResolverLimits.PEM_BYTES) {
        throw new ResolverException(keyFile + " is too large for a key");
      }
      key =
          Files.readString(keyFile, StandardCharsets.UTF_8).lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new ResolverException("the key cannot be read from " + keyFile, e);
    }
    if (key.isEmpty() || !key.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new ResolverException(keyFile + " does not hold a key in its first line");
    }
    return key;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
