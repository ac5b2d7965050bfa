package tocsin.node.dns;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.InstantSource;

/// DNS cookies (RFC 7873) in the form that servers have agreed upon (RFC 9018): a client that sends
/// back what it was given has shown that it receives at its address.
///
/// A cookie is the client's 8 bytes, then version 1, three zeros, 32 bits of time, and a SipHash of
/// all that, the client's address and our secret. The secret is made at the start and lives in
/// memory: after a restart clients learn a new cookie with their next question.
final class Cookies {
  static final int CLIENT_BYTES = 8;
  static final int BYTES = 24;

  /// RFC 7873 section 4: a server's part has 8 to 32 bytes.
  static final int MIN_WITH_SERVER_BYTES = 16;

  static final int MAX_BYTES = 40;

  private static final byte VERSION = 1;

  /// RFC 9018 section 4.3: no older than an hour, and no more than 5 minutes in the future.
  private static final int OLDEST_SECONDS = 3_600;

  private static final int FUTURE_SECONDS = 300;
  private static final int HASHED_BYTES = 16;

  private final InstantSource clock;
  private final long k0;
  private final long k1;

  /// @param secret 16 bytes
  Cookies(byte[] secret, InstantSource clock) {
    ByteBuffer key = ByteBuffer.wrap(secret).order(ByteOrder.LITTLE_ENDIAN);
    this.k0 = key.getLong();
    this.k1 = key.getLong();
    this.clock = clock;
  }

  static Cookies random(InstantSource clock) {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    return new Cookies(secret, clock);
  }

  private int now() {
    return (int) clock.instant().getEpochSecond();
  }

  /// Whether the client has shown that it receives at this address.
  boolean isOurs(byte[] cookie, InetAddress client) {
    if (cookie.length != BYTES || cookie[CLIENT_BYTES] != VERSION) {
      return false;
    }
    ByteBuffer parts = ByteBuffer.wrap(cookie);
    int age = now() - parts.getInt(CLIENT_BYTES + 4);
    return age <= OLDEST_SECONDS
        && age >= -FUTURE_SECONDS
        && parts.order(ByteOrder.LITTLE_ENDIAN).getLong(HASHED_BYTES) == hash(cookie, client);
  }

  /// The cookie that this client shall send from now on.
  byte[] issue(byte[] given, InetAddress client) {
    ByteBuffer cookie = ByteBuffer.allocate(BYTES);
    cookie.put(given, 0, CLIENT_BYTES).put(VERSION).put(new byte[3]).putInt(now());
    long hash = hash(cookie.array(), client);
    return cookie.order(ByteOrder.LITTLE_ENDIAN).putLong(hash).array();
  }

  private long hash(byte[] cookie, InetAddress client) {
    byte[] address = client.getAddress();
    byte[] input = new byte[HASHED_BYTES + address.length];
    System.arraycopy(cookie, 0, input, 0, HASHED_BYTES);
    System.arraycopy(address, 0, input, HASHED_BYTES, address.length);
    return SipHash.hash(k0, k1, input, input.length);
  }
}
