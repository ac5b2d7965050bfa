package tocsin.node.transport;

import io.grpc.Status;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/// Why a stream or a dial came to nothing, in words for people.
final class Reasons {
  private Reasons() {}

  /// Never raw: a description may be the peer's own words.
  static String of(Status status) {
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      String known =
          switch (cause) {
            case CertificateException _ -> "its certificate is refused: " + words(cause);
            case UnknownHostException _ -> "the name is not known";
            case NoRouteToHostException _ -> "there is no route to it";
            case io.netty.channel.ConnectTimeoutException _ -> "nobody answers there";
            case ConnectException _ -> "the connection is refused";
            default -> "";
          };
      if (!known.isEmpty()) {
        return known;
      }
      if (cause instanceof SSLException && cause.getCause() == null) {
        return "TLS failed: " + words(cause);
      }
    }
    String description = status.getDescription();
    if (status.isOk()) {
      return "the peer closed the stream";
    }
    return switch (status.getCode()) {
      case UNAVAILABLE -> "the connection is lost" + quoted(description);
      case CANCELLED -> "the peer broke off the stream";
      case ABORTED, FAILED_PRECONDITION, INVALID_ARGUMENT -> "the peer says" + quoted(description);
      case RESOURCE_EXHAUSTED -> "a limit was passed" + quoted(description);
      default -> "the stream ended with " + status.getCode() + quoted(description);
    };
  }

  /// True if gRPC ended the stream because the peer sent a message over our limit.
  static boolean isOversized(Status status) {
    return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
        && String.valueOf(status.getDescription()).contains("exceeds maximum size");
  }

  private static String quoted(@org.jspecify.annotations.Nullable String description) {
    if (description == null || description.isBlank()) {
      return "";
    }
    return ": " + Words.printable(description, TransportLimits.QUOTED_CHARACTERS);
  }

  static String words(Throwable cause) {
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : Words.printable(message, TransportLimits.QUOTED_CHARACTERS);
  }
}
