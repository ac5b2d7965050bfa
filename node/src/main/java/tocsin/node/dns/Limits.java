package tocsin.node.dns;

import java.util.List;

/// Every limit of the DNS server, with its reason.
final class Limits {
  /// A name on the wire, RFC 1035 section 2.3.4.
  static final int NAME_BYTES = 255;

  /// Labels of a name without the root: 254 bytes of labels, each at least two.
  static final int NAME_LABELS = 127;

  /// A name as a [NameKey]: each byte may be escaped to two.
  static final int KEY_BYTES = 2 * NAME_BYTES + 2;

  /// The largest message there is: TCP's length field.
  static final int MESSAGE_BYTES = 65_535;

  /// UDP answers never exceed this: it crosses every common path unfragmented (DNS Flag Day 2020).
  static final int UDP_ANSWER_BYTES = 1_232;

  /// UDP answers to a client without EDNS, RFC 1035 section 2.3.4.
  static final int PLAIN_UDP_ANSWER_BYTES = 512;

  /// A request is small: a question, an OPT, a TSIG, and for IXFR one SOA. A longer datagram is cut
  /// and then refused.
  static final int REQUEST_BYTES = 2_048;

  /// Records in a request beyond the question: SOA, OPT, TSIG, and some room for the odd client.
  static final int REQUEST_RECORDS = 8;

  /// A transfer message. Compression pointers reach the first 16,384 bytes only, and larger
  /// messages gain nothing.
  static final int TRANSFER_MESSAGE_BYTES = 16_384;

  /// RDATA of one record, so that any record fits a transfer message beside a question and a TSIG.
  static final int RDATA_BYTES = 15_000;

  /// Records of one RRset, many more than anyone has addresses.
  static final int SET_RECORDS = 1_024;

  /// All records of one RRset, so that an answer fits a TCP message beside question, OPT and TSIG.
  static final int SET_BYTES = 60_000;

  /// CNAME records followed inside the zone for one answer.
  static final int CNAME_CHAIN = 8;

  /// Names of one zone. The goal is 100,000; beyond a million the sorted array should be
  /// reconsidered.
  static final int ZONE_NAMES = 1_000_000;

  /// Differences kept per zone: a resolver that was away for less than this many changes gets
  /// differences only.
  static final int JOURNAL_DIFFERENCES = 1_000;

  /// Records kept in all differences of one zone: about 40 MB at worst.
  static final int JOURNAL_RECORDS = 200_000;

  /// Growth of a zone's journal file before it is written anew, so that small zones do not do it
  /// often.
  static final long JOURNAL_GROWTH_BYTES = 4 << 20;

  /// The largest journal file that is read at the start: several times what the largest zone and
  /// all its differences need.
  static final long JOURNAL_FILE_BYTES = 512 << 20;

  /// Zones of one server: the overlay, the lookup zone, and a few to spare.
  static final int ZONES = 64;

  /// Open TCP connections in all. Resolvers beside the node need a handful.
  static final int CONNECTIONS = 512;

  /// Open TCP connections from one address.
  static final int CONNECTIONS_PER_ADDRESS = 64;

  /// A connection without a whole request or a finished write for so long is closed (RFC 7766
  /// section 6.2.3 leaves the time to the server). A transfer to a reader that stands still ends by
  /// it too.
  static final int IDLE_SECONDS = 20;

  /// A TLS handshake takes one round trip; what takes longer than this is nobody.
  static final int HANDSHAKE_SECONDS = 5;

  /// Requests of one connection that wait behind its transfer, more than one read of the socket can
  /// hold; with more, the connection is closed.
  static final int PIPELINE = 4_096;

  /// Unsent bytes of one connection from which on it is neither read nor written further.
  static final int UNSENT_BYTES = 128 * 1024;

  /// What the kernel keeps unsent of one connection: it would let it grow to megabytes, for readers
  /// that stand still.
  static final int SOCKET_SEND_BYTES = 256 * 1024;

  /// What the kernel shall keep of datagrams that we have not read yet, per socket. It counts a
  /// small one as 768 bytes: this is room for 5,000 of them, a burst that the server answers in 50
  /// ms. It gives no more than `net.core.rmem_max`, often 208 KiB (twice that is used: 550
  /// datagrams), and takes the memory only while it is needed.
  static final int UDP_RECEIVE_BYTES = 4 << 20;

  /// Answers per second by UDP to one network (IPv4 /24, IPv6 /56) and socket, loopback excepted: a
  /// spoofed victim gets no more.
  static final int ANSWERS_PER_SECOND = 200;

  /// Answers that a quiet network may take at once.
  static final int ANSWER_BURST = 400;

  /// Between two lines of the log about requests that were refused: anybody can send as many as it
  /// likes, and an operator who looks for a mistake waits no longer than this.
  static final int REFUSAL_LINE_SECONDS = 30;

  /// Bytes of UDP answers per byte of question, on average, to clients that have not proven their
  /// address: so much, and no more, is gained by abusing us against a third party.
  static final int AMPLIFICATION = 3;

  /// What a network can have earned at most: a few of the longest answers.
  static final int UDP_CREDIT_BYTES = 4 * UDP_ANSWER_BYTES;

  /// Buckets of the rate limit: a fixed table, so that a flood of addresses costs no memory.
  /// Networks that fall into the same bucket share it.
  static final int RATE_BUCKETS = 1 << 14;

  /// Of the requests over the limit, one in so many is answered "truncated", so that a real client
  /// finds TCP.
  static final int RATE_SLIP = 2;

  /// Seconds between NOTIFY and its repetitions.
  static final List<Integer> NOTIFY_RETRY_SECONDS = List.of(1, 2, 4);

  /// Seconds for the last repetition to be answered.
  static final int NOTIFY_LAST_WAIT_SECONDS = 4;

  /// Targets of NOTIFY.
  static final int NOTIFY_TARGETS = 64;

  /// TXT records of one name in the lookup zone: the first alerts that name it. Nobody reads more.
  static final int LISTINGS_PER_NAME = 16;

  /// A string of a TXT record, RFC 1035 section 3.3.
  static final int STRING_BYTES = 255;

  /// TSIG keys of one server.
  static final int TSIG_KEYS = 64;

  /// Allowed difference between the clocks at both ends, RFC 8945 section 10.
  static final int TSIG_FUDGE_SECONDS = 300;

  /// An overlay that could not be published is tried again after this.
  static final java.time.Duration PUBLISH_AGAIN = java.time.Duration.ofSeconds(1);

  /// The lookup zone is made anew at most this often; its answers may be cached for longer anyway.
  static final java.time.Duration LISTING_SPACING = java.time.Duration.ofMillis(100);

  /// ... and making it takes a fiftieth of its thread's time at most, however much is listed.
  static final int LISTING_REST = 49;

  private Limits() {}
}
