package tocsin.cli.demo;

/// Who plays.
///
/// @param name of its node
/// @param organization its legal name
/// @param does what it is in the story
/// @param resolver whether a resolver stands beside its node
record Part(String name, String organization, String does, boolean resolver) {
  static final Part FINANCE =
      new Part("finance-trust", "Finance Trust", "trust organization, an anchor of all", false);
  static final Part CIVIC =
      new Part("civic-trust", "Civic Trust", "trust organization, an anchor of all", false);
  static final Part ISP =
      new Part("valley-isp", "Valley Internet", "the victim's ISP, submits", true);
  static final Part SECURITY =
      new Part("sentinel", "Sentinel Security", "security company, endorses", true);
  static final Part FARAWAY =
      new Part("faraway", "Faraway Telecom", "an ISP far away, knows nobody here", true);
  static final Part HIJACKER =
      new Part("hijacker", "CheckFree Support Desk", "the criminals, vetted by nobody", false);

  Part withResolver() {
    return new Part(name, organization, does, true);
  }

  /// A member that only listens.
  static Part bystander(int number) {
    return new Part(
        "bystander-" + number, "Bystander Networks " + number, "another ISP, only listens", false);
  }
}
