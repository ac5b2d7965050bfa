package tocsin.cli;

/// Which tocsin this is.
final class Version {
  private Version() {}

  /// As the build wrote it into the jar; "development" where there is none.
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
