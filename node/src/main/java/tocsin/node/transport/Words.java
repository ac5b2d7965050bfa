package tocsin.node.transport;

import com.google.protobuf.ByteString;

/// Text that crosses the border: what we print of a peer's words, and what we send of our own.
public final class Words {
  private Words() {}

  /// The text with control characters and line separators replaced by spaces, cut to so many bytes
  /// of UTF-8.
  public static String printable(String text, int limitBytes) {
    StringBuilder clean = new StringBuilder();
    int sizeBytes = 0;
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      int shown = isPrintable(point) ? point : ' ';
      sizeBytes += ByteString.copyFromUtf8(Character.toString(shown)).size();
      if (sizeBytes > limitBytes) {
        break;
      }
      clean.appendCodePoint(shown);
    }
    return clean.toString();
  }

  public static boolean isPrintable(String text) {
    return text.codePoints().allMatch(Words::isPrintable);
  }

  /// Nothing that steers a terminal, breaks a line, or turns the direction of writing.
  public static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
