package tocsin.node.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import tocsin.node.core.NodeView;
import tocsin.storage.LogEntry;
import tocsin.trust.OrganizationId;
import tocsin.trust.Sha256;
import tocsin.trust.ShortId;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// What an operator's words refer to: full ids, unique prefixes of at least four digits, the short
/// ids that are printed, pet names.
final class References {
  private static final int MIN_PREFIX = 4;

  /// Statements looked through for a prefix, newest first; older ones are named in full.
  private static final int LOOKED_THROUGH = 100_000;

  private References() {}

  static OrganizationId organization(NodeView view, String text) {
    return findOrganization(view, text)
        .orElseThrow(() ->
            Refusal.notFound("no organization is known here as " + shown(text) + hint(view, text)));
  }

  /// Legal names find nobody, as anybody can claim one; but who types one may be told the id.
  static String hint(NodeView view, String text) {
    List<String> claimants = new ArrayList<>();
    for (OrganizationId one : view.graph().organizations()) {
      if (view.graph().profile(one).filter(it -> it.legalName().equals(text)).isPresent()) {
        claimants.add(one.toString().substring(0, 12));
      }
    }
    return claimants.isEmpty()
        ? ""
        : ": that is the legal name of "
            + String.join(" and ", claimants)
            + "; use the id, or give it a name of your own (tocsin org alias)";
  }

  static Optional<OrganizationId> findOrganization(NodeView view, String text) {
    for (var anchor : view.anchors().entrySet()) {
      if (anchor.getValue().equals(text)) {
        return Optional.of(anchor.getKey());
      }
    }
    TreeSet<OrganizationId> known = new TreeSet<>(view.graph().organizations());
    known.addAll(view.anchors().keySet());
    known.add(view.config().self());
    return unique(text, ShortId.Kind.ORGANIZATION, known.stream().map(OrganizationId::hash))
        .map(OrganizationId::new);
  }

  /// An alert in the log, or one that was refused.
  static StatementId alert(NodeView view, String text) {
    Optional<StatementId> full = fullId(text);
    if (full.isPresent()) {
      return full.get();
    }
    List<Sha256> known = new ArrayList<>();
    long from = Math.max(view.log().size() - LOOKED_THROUGH, 0);
    while (from < view.log().size()) {
      for (LogEntry entry : view.log().scan(from, 1_024)) {
        if (entry.envelope().statement() instanceof Statement.Alert) {
          known.add(entry.envelope().id().hash());
        }
        from = entry.index() + 1;
      }
    }
    view.log().refused(1_000).forEach(refused -> known.add(refused.envelope().id().hash()));
    return unique(text, ShortId.Kind.STATEMENT, known.stream())
        .map(StatementId::new)
        .orElseThrow(() -> Refusal.notFound("no alert is known here as " + shown(text)));
  }

  private static Optional<StatementId> fullId(String text) {
    return text.matches("[0-9a-fA-F]{64}")
        ? Optional.of(StatementId.fromHex(text))
        : Optional.empty();
  }

  private static Optional<Sha256> unique(String text, ShortId.Kind kind, Stream<Sha256> known) {
    Optional<ShortId> shortId = ShortId.parse(text).filter(it -> it.kind() == kind);
    String prefix = text.toLowerCase(Locale.ROOT);
    if (shortId.isEmpty() && !prefix.matches("[0-9a-f]{" + MIN_PREFIX + ",64}")) {
      return Optional.empty();
    }
    List<Sha256> found =
        known
            .filter(hash ->
                shortId
                    .map(it -> it.matches(hash))
                    .orElseGet(() -> hash.toString().startsWith(prefix)))
            .distinct()
            .toList();
    if (found.size() > 1) {
      throw Refusal.badInput(
          shown(text) + " is the beginning of " + found.size() + " ids: write more of it");
    }
    return found.stream().findFirst();
  }

  /// What may be repeated in a message.
  static String shown(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 80); i++) {
      char c = text.charAt(i);
      shown.append(c >= 0x20 && c < 0x7f ? c : '?');
    }
    return "\"" + shown + (text.length() > 80 ? "..." : "") + "\"";
  }
}
