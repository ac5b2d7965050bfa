package tocsin.node.resolver;

/// The overlay zone as a master file (RFC 1035 section 5), for resolvers that take it from a file.
///
/// @param serial 0 to 4,294,967,295
/// @param text the SOA first, one record a line, all names absolute
public record OverlayText(long serial, String text) {
  public OverlayText {
    if (serial < 0 || serial > 0xffff_ffffL) {
      throw new IllegalArgumentException("a serial has 32 bits: " + serial);
    }
  }
}
