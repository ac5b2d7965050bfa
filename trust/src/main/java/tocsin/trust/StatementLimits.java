package tocsin.trust;

/// Every bound on what a statement may hold, with its reason. Sizes of texts are in bytes of UTF-8.
public final class StatementLimits {
  private StatementLimits() {}

  /// A quorum of at most 16 root keys.
  public static final int MAX_SIGNATURES = 16;

  /// Longest payload type is "application/vnd.tocsin.vouch-withdrawal.v1".
  public static final int MAX_PAYLOAD_TYPE_BYTES = 64;

  /// 9999-12-31T23:59:59.999Z: the last moment that ISO 8601 writes with four digits.
  public static final long MAX_TIME_MILLIS = 253_402_300_799_999L;

  /// Profile: more roots are a committee, not a quorum.
  public static final int MAX_ROOTS = 16;

  /// Profile: a few roles on a few machines, and their predecessors.
  public static final int MAX_OPERATIONAL_KEYS = 64;

  public static final int MAX_CONTACTS = 16;

  /// Legal names, contacts and web sites fit on a line or two.
  public static final int MAX_LINE_BYTES = 200;

  public static final int MAX_GROUP_BYTES = 64;

  /// A host name of 253 bytes, or an IPv6 address in brackets, a colon and a port.
  public static final int MAX_ADDRESS_BYTES = 260;

  /// Vouch, revocation, dispute, recall: a paragraph.
  public static final int MAX_REASON_BYTES = 1_000;

  public static final int MAX_SCOPES = 64;

  /// The longest useful chain of vouches is a handful.
  public static final int MAX_DEPTH = 16;

  public static final int MAX_WITHDRAWN = 64;

  public static final int MAX_NAMES = 64;

  /// CAP 1.2 asks for 160 characters at most.
  public static final int MAX_HEADLINE_BYTES = 320;

  /// Alert: what was seen, where, and by whom; with links.
  public static final int MAX_EVIDENCE_BYTES = 4_000;

  public static final int MAX_RECORDS = 64;
  public static final int MAX_NAME_SERVERS = 16;
  public static final int MAX_NAME_SERVER_ADDRESSES = 8;
  public static final int MAX_ROGUE_ADDRESSES = 64;
  public static final int MAX_ROGUE_NAME_SERVERS = 16;

  /// Registration: a few people on a few machines speak as the owner.
  public static final int MAX_OWNER_KEYS = 16;

  /// Registration: more would be as good as anybody.
  public static final int MAX_SUBMITTERS = 64;

  /// Registration: with the submitter, as many disjoint paths as any policy can ask for.
  public static final int MAX_ENDORSEMENTS_ASKED = 15;

  /// A resolver holds a whole TXT set in one answer.
  public static final int MAX_TXT_BYTES = 4_096;
}
