package tocsin.storage;

import java.util.function.Function;

/// One way to write values as bytes and to read them back.
interface Encoding<T> {
  byte[] write(T value);

  /// @throws RuntimeException if these are not bytes that `write` made; the caller says which
  ///   column they come from
  T read(byte[] bytes);

  static <T> Encoding<T> of(Function<T, byte[]> write, Function<byte[], T> read) {
    return new Encoding<>() {
      @Override
      public byte[] write(T value) {
        return write.apply(value);
      }

      @Override
      public T read(byte[] bytes) {
        return read.apply(bytes);
      }
    };
  }

  static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
