package tocsin.node.transport;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;

/// No compression in either direction: a few bytes of gzip can cost the receiver megabytes.
final class Encodings {
  private Encodings() {}

  static CompressorRegistry outbound() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(Codec.Identity.NONE);
    return registry;
  }

  static DecompressorRegistry inbound() {
    return DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false);
  }
}
