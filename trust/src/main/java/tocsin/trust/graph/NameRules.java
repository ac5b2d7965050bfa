package tocsin.trust.graph;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// The administrator's rules for certain names. Of several rules for one name the longest suffix
/// decides, value by value; an alert about several names must satisfy the rules of all.
///
/// @param suffixes in any order
/// @param neverOverride names at or below these are never overridden here
/// @param famous names at or below these need `famousPaths` to be overridden, if not more
public record NameRules(
    List<SuffixRule> suffixes, List<DnsName> neverOverride, List<DnsName> famous, int famousPaths) {
  public static final int DEFAULT_FAMOUS_PATHS = 3;

  /// Where a wrong answer would be noticed by half the world; a beginning, for administrators to
  /// replace by what is famous where they live.
  public static final List<DnsName> DEFAULT_FAMOUS =
      List.of(
          DnsName.of("amazon.com"),
          DnsName.of("apple.com"),
          DnsName.of("cloudflare.com"),
          DnsName.of("facebook.com"),
          DnsName.of("github.com"),
          DnsName.of("google.com"),
          DnsName.of("microsoft.com"),
          DnsName.of("paypal.com"),
          DnsName.of("whatsapp.com"),
          DnsName.of("wikipedia.org"),
          DnsName.of("yahoo.com"),
          DnsName.of("youtube.com"));

  public static final NameRules NONE = new NameRules(List.of(), List.of(), List.of(), 1);

  public static final NameRules DEFAULT =
      new NameRules(List.of(), List.of(), DEFAULT_FAMOUS, DEFAULT_FAMOUS_PATHS);

  /// What differs for names at or below one suffix.
  ///
  /// @param endorsements organizations of different groups that endorse, beside the submitter
  public record SuffixRule(
      DnsName suffix,
      OptionalInt flushPaths,
      OptionalInt overridePaths,
      OptionalInt depth,
      OptionalInt endorsements,
      Optional<TrustPolicy.Approval> approval) {
    public SuffixRule {
      TrustPolicy.requirePaths("flush-paths", flushPaths.orElse(1));
      TrustPolicy.requirePaths("override-paths", overridePaths.orElse(1));
      TrustPolicy.requirePaths("endorsements", endorsements.orElse(0) + 1);
      TrustPolicy.requireDepth(depth.orElse(1));
    }
  }

  public NameRules {
    suffixes = List.copyOf(suffixes);
    neverOverride = List.copyOf(neverOverride);
    famous = List.copyOf(famous);
    TrustPolicy.requirePaths("famous-paths", famousPaths);
  }

  private interface Value<T> {
    Optional<T> of(SuffixRule rule);
  }

  private <T> Optional<T> longest(DnsName name, Value<T> value) {
    Optional<T> found = Optional.empty();
    int labels = -1;
    for (SuffixRule rule : suffixes) {
      Optional<T> here = value.of(rule);
      if (here.isPresent()
          && name.isAtOrBelow(rule.suffix())
          && rule.suffix().labelCount() > labels) {
        found = here;
        labels = rule.suffix().labelCount();
      }
    }
    return found;
  }

  private static Optional<Integer> boxed(OptionalInt value) {
    return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
  }

  /// Paths that one name asks for, whatever else asks for more.
  int flushPaths(DnsName name, int usual) {
    return longest(name, it -> boxed(it.flushPaths())).orElse(usual);
  }

  int overridePaths(DnsName name, int usual) {
    return Math.max(
        longest(name, it -> boxed(it.overridePaths())).orElse(usual),
        longest(name, it -> boxed(it.endorsements())).orElse(0) + 1);
  }

  int depth(List<DnsName> names, int usual) {
    int depth = usual;
    boolean first = true;
    for (DnsName name : names) {
      int here = longest(name, it -> boxed(it.depth())).orElse(usual);
      depth = first ? here : Math.min(depth, here);
      first = false;
    }
    return depth;
  }

  boolean isManual(Statement.Alert alert, TrustPolicy.Approval usual) {
    return isManual(alert.names(), usual);
  }

  /// For no names: whatever names there may be.
  boolean isManual(List<DnsName> names, TrustPolicy.Approval usual) {
    if (names.isEmpty()) {
      return usual == TrustPolicy.Approval.MANUAL;
    }
    for (DnsName name : names) {
      if (longest(name, SuffixRule::approval).orElse(usual) == TrustPolicy.Approval.MANUAL) {
        return true;
      }
    }
    return false;
  }

  /// A name that the alert affects and that is never overridden here.
  Optional<DnsName> never(Statement.Alert alert) {
    return touched(alert.names(), alert.subtree(), neverOverride);
  }

  Optional<DnsName> never(List<DnsName> names) {
    return touched(names, false, neverOverride);
  }

  boolean isFamous(List<DnsName> names, boolean subtree) {
    return touched(names, subtree, famous).isPresent();
  }

  private static Optional<DnsName> touched(
      List<DnsName> names, boolean subtree, List<DnsName> list) {
    for (DnsName name : names) {
      for (DnsName listed : list) {
        if (name.isAtOrBelow(listed) || (subtree && listed.isAtOrBelow(name))) {
          return Optional.of(listed);
        }
      }
    }
    return Optional.empty();
  }
}
