package tocsin.node.core;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import tocsin.storage.LogId;
import tocsin.storage.StatementLog;
import tocsin.trust.OrganizationId;
import tocsin.trust.StatementId;

/// The keys of the node's own durable facts, all in one place.
final class Facts {
  /// Value: pet name in UTF-8.
  static final String ANCHORS = "anchor/";

  /// Value: empty.
  static final String PEERS = "peer/";

  /// An address that the operator took away. Value: empty.
  static final String UNWANTED = "unwanted/";

  /// The last serial of the overlay zone. Value: 8 bytes.
  static final String SERIAL = "serial";

  static final String BEGUN = "begun/";

  static final String CHARGED = "charged/";

  /// The newest checkpoint that this node signed. Value: a signed note.
  static final String OWN_CHECKPOINT = "checkpoint";

  /// The last checkpoint seen of another log. Value: the node's public key, 32 bytes; a signed
  /// note.
  static final String SEEN = "seen/";

  /// The node of this log was shown to lie about it. Value: empty.
  static final String EXPOSED = "exposed/";

  /// An organization whose node has shown fresh checkpoints: more must come. Value: empty.
  static final String WITNESS = "witness/";

  private Facts() {}

  static String seen(LogId log) {
    return SEEN + log;
  }

  static String exposed(LogId log) {
    return EXPOSED + log;
  }

  static String witness(OrganizationId organization) {
    return WITNESS + organization;
  }

  static String anchor(OrganizationId organization) {
    return ANCHORS + organization;
  }

  static String peer(String address) {
    return PEERS + address;
  }

  static String unwanted(String address) {
    return UNWANTED + address;
  }

  /// Where to resume a peer's log. Value: 8 bytes.
  static String cursor(LogId log) {
    return "cursor/" + log;
  }

  /// An administrator approved the alert. Value: empty.
  static String approved(StatementId alert) {
    return "approved/" + alert;
  }

  /// When the alert first became active here. Value: 8 bytes, Unix milliseconds.
  static String active(StatementId alert) {
    return "active/" + alert;
  }

  /// Whom the alert was charged to when it began to act here. Value: see [ActingBudget].
  static String charged(StatementId alert) {
    return CHARGED + alert;
  }

  /// Resolvers may have been told of this override; gone when it is cleared at all of them. Value:
  /// empty.
  static String begun(StatementId override) {
    return BEGUN + override.hash();
  }

  /// The override's incident is closed here: it is never served again. Value: empty.
  static String withdrawn(StatementId override) {
    return "withdrawn/" + override;
  }

  /// The flush is done on this resolver. Value: 8 bytes, milliseconds it took.
  static String done(StatementId flush, String resolver) {
    return "done/" + flush + "/" + resolver;
  }

  /// The flush is done on all resolvers here. Value: empty.
  static String resolved(StatementId flush) {
    return "resolved/" + flush;
  }

  static ByteString number(long value) {
    return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(0, value));
  }

  static OptionalLong number(StatementLog log, String key) {
    return log.recall(key)
        .map(value -> OptionalLong.of(value.asReadOnlyByteBuffer().getLong()))
        .orElseGet(OptionalLong::empty);
  }
}
