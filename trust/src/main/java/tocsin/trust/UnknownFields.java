package tocsin.trust;

import com.google.protobuf.Message;

/// Looks for fields that a message's schema does not know. Only asked for the reason of a refusal.
final class UnknownFields {
  private UnknownFields() {}

  /// True if the message, or one inside it, has a field that this version does not know.
  static boolean in(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return true;
    }
    for (Object value : message.getAllFields().values()) {
      if (value instanceof Message inner && in(inner)) {
        return true;
      }
      if (value instanceof Iterable<?> list) {
        for (Object element : list) {
          if (element instanceof Message inner && in(inner)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
