package tocsin.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import tocsin.proto.KeyView;
import tocsin.proto.ListKeysRequest;
import tocsin.trust.KeyUse;
import tocsin.trust.PublicKey;
import tocsin.trust.Statement;

@Command(
    name = "list",
    description = "The keys that speak for this organization, by its profile.",
    footer = {"", "Examples:", "  tocsin key list -o json"})
final class KeyList extends Action {
  /// As the node has them; empty where none runs.
  private Map<String, KeyView> states = Map.of();

  private static Map<String, KeyView> states(Session session) throws Failure {
    Map<String, KeyView> states = new LinkedHashMap<>();
    if (session.nodeRuns()) {
      session
          .node()
          .call(node -> node.listKeys(ListKeysRequest.getDefaultInstance()))
          .getKeysList()
          .forEach(it -> states.put(Words.hex(it.getKey()), it));
    }
    return states;
  }

  private void row(Table table, PublicKey key, String uses, String until, String address) {
    String id = key.id().toString().substring(0, 12);
    if (states.isEmpty()) {
      table.row(id, uses, until, address);
    } else {
      table.row(id, uses, until, address, state(key));
    }
  }

  private String state(PublicKey key) {
    KeyView view = states.get(key.id().toString());
    return view == null
        ? ""
        : view.getDetail().isEmpty() ? view.getState() : view.getState() + ": " + view.getDetail();
  }

  @Override
  ExitCode run(Session session) throws Failure {
    Statement.Profile profile = OwnKeys.profile(session);
    states = states(session);
    List<Map<String, Object>> items = new ArrayList<>();
    // Without a node nothing is known of what became of them.
    Table table =
        states.isEmpty()
            ? new Table("KEY", "USES", "UNTIL", "ADDRESS")
            : new Table("KEY", "USES", "UNTIL", "ADDRESS", "STATE");
    for (PublicKey root : profile.roots()) {
      items.add(fields(root, List.of("root"), 0, 0, ""));
      row(table, root, "root", "", "");
    }
    // In the profile they are ordered by id, which says nothing to people.
    List<Statement.OperationalKey> byUse = new ArrayList<>(profile.keys());
    byUse.sort(Comparator.comparing(key -> key.uses().getFirst()));
    for (Statement.OperationalKey key : byUse) {
      List<String> uses = key.uses().stream().map(KeyList::word).toList();
      items.add(
          fields(key.key(), uses, key.notBeforeMillis(), key.notAfterMillis(), key.address()));
      row(
          table,
          key.key(),
          String.join(", ", uses),
          Words.time(key.notAfterMillis()),
          key.address());
    }
    session.output().list(items, table::toString);
    return ExitCode.OK;
  }

  static String word(KeyUse use) {
    return use.name().toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> fields(
      PublicKey key, List<String> uses, long notBefore, long notAfter, String address) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.key/v1");
    fields.put("key", key.id().toString());
    fields.put("uses", uses);
    fields.put("not_before", Words.exactTime(notBefore));
    fields.put("not_after", Words.exactTime(notAfter));
    fields.put("address", address);
    KeyView view = states.get(key.id().toString());
    if (view != null) {
      fields.put("state", view.getState());
      fields.put("detail", view.getDetail());
      fields.put("statements", view.getStatements());
      fields.put("slots_used", view.getSlotsUsed());
      fields.put("slots_left", view.getSlotsLeft());
    }
    return fields;
  }
}
