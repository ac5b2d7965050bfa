package tocsin.node.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tocsin.trust.DnsName;
import tocsin.trust.OrganizationId;
import tocsin.trust.graph.NameRules;
import tocsin.trust.graph.TrustPolicy;

/// The parts of `[policy]` that speak of certain names and certain organizations.
final class PolicySection {
  private PolicySection() {}

  enum Approval {
    AUTOMATIC,
    MANUAL;

    TrustPolicy.Approval policy() {
      return switch (this) {
        case AUTOMATIC -> TrustPolicy.Approval.AUTOMATIC;
        case MANUAL -> TrustPolicy.Approval.MANUAL;
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// `never-override`, `famous-names`, `famous-paths` and the tables `[[policy.rule]]`.
  static NameRules names(Section policy) {
    Kind<Integer> paths = Kind.integer(1, TrustPolicy.MAX_PATHS);
    List<DnsName> never = policy.get("never-override", Kind.listOf(Kind.ZONE), List.of());
    List<DnsName> famous =
        // The built-in list is long: where nothing is said, it is not shown among the settings.
        policy.optional("famous-names", Kind.listOf(Kind.ZONE)).orElse(NameRules.DEFAULT_FAMOUS);
    int famousPaths = policy.get("famous-paths", paths, NameRules.DEFAULT_FAMOUS_PATHS);
    List<NameRules.SuffixRule> rules = new ArrayList<>();
    for (Section rule : policy.tables("rule")) {
      Optional<DnsName> suffix = rule.require("suffix", Kind.ZONE);
      OptionalInt flushPaths = number(rule, "flush-paths", paths);
      OptionalInt overridePaths = number(rule, "override-paths", paths);
      OptionalInt depth = number(rule, "depth", Kind.integer(1, TrustPolicy.MAX_DEPTH));
      OptionalInt endorsements =
          number(rule, "endorsements", Kind.integer(0, TrustPolicy.MAX_PATHS - 1));
      Optional<TrustPolicy.Approval> approval =
          rule.optional("approval", Kind.choice(Approval.class)).map(Approval::policy);
      rule.end();
      suffix.ifPresent(name ->
          rules.add(
              new NameRules.SuffixRule(
                  name, flushPaths, overridePaths, depth, endorsements, approval)));
    }
    return new NameRules(rules, never, famous, famousPaths);
  }

  private static OptionalInt number(Section section, String key, Kind<Integer> kind) {
    Optional<Integer> value = section.optional(key, kind);
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  /// `groups`: each entry holds the ids of organizations that are one party.
  static List<List<OrganizationId>> groups(Section policy) {
    return policy.get("groups", Kind.listOf(GROUP), List.of());
  }

  private static final Kind<List<OrganizationId>> GROUP =
      Kind.text(
          "organization ids of 64 digits, separated by spaces",
          "\"<id> <id>\"",
          PolicySection::group,
          PolicySection::shown);

  private static List<OrganizationId> group(String text) {
    List<OrganizationId> members = new ArrayList<>();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!word.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "must be ids of 64 hexadecimal digits, as in tocsin org list -o json");
      }
      members.add(OrganizationId.fromHex(word));
    }
    return members;
  }

  private static String shown(List<OrganizationId> group) {
    return String.join(" ", group.stream().map(OrganizationId::toString).toList());
  }
}
