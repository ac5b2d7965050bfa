package tocsin.node.core;

/// What becomes of a statement that arrives: a value, whoever sent it. Whether it is *believed* is
/// another question, asked of the incident again and again.
sealed interface Admission {
  /// Into the log, and on to the peers.
  record Admit() implements Admission {}

  /// It is in the log already.
  record Duplicate() implements Admission {}

  /// Not now; a later vouch, profile, anchor or hour may change that.
  record Wait(String reason) implements Admission {}

  /// Not now, and not noted: nothing can be written. Whoever has it is asked again later.
  record NoRoom() implements Admission {}

  /// Never.
  record Refuse(String reason) implements Admission {}
}
