package tocsin.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tocsin.proto.OperationalKey;
import tocsin.proto.OrganizationView;
import tocsin.proto.Profile;
import tocsin.trust.PublicKey;

/// Organizations, as data and for people.
final class OrganizationShown {
  private OrganizationShown() {}

  static Map<String, Object> fields(OrganizationView view) {
    Profile profile = view.getProfile();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.organization/v1");
    fields.put("organization", Words.hex(view.getOrganization()));
    fields.put("name", view.getPetName());
    fields.put("legal_name", profile.getLegalName());
    fields.put("country", profile.getCountry());
    fields.put("web_site", profile.getWebSite());
    fields.put("contacts", profile.getContactsList());
    fields.put("version", profile.getVersion());
    fields.put("threshold", profile.getThreshold());
    fields.put("group", profile.getGroup());
    fields.put("anchor", view.getAnchor());
    fields.put("own", view.getOwn());
    fields.put("reachable", view.getReachable());
    fields.put("revoked", view.getRevoked());
    fields.put("revocations", view.getRevocationsList());
    fields.put("roles", view.getRolesList().stream().map(RoleText::word).toList());
    fields.put("scopes", view.getScopesList());
    List<Map<String, Object>> keys = new ArrayList<>();
    for (OperationalKey key : profile.getKeysList()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("key", keyId(key));
      each.put("uses", uses(key));
      each.put("not_before", Words.exactTime(key.getNotBeforeMillis()));
      each.put("not_after", Words.exactTime(key.getNotAfterMillis()));
      each.put("address", key.getAddress());
      keys.add(each);
    }
    fields.put("keys", keys);
    fields.put("card", view.getCard());
    return fields;
  }

  static String keyId(OperationalKey key) {
    return PublicKey.ed25519(key.getKey().getKey()).id().toString();
  }

  static List<String> uses(OperationalKey key) {
    return key.getUsesList().stream().map(use -> use.name().toLowerCase(Locale.ROOT)).toList();
  }

  static String table(List<OrganizationView> views) {
    Table table = new Table("ORGANIZATION", "NAME", "LEGAL NAME", "MAY", "NAMES", "");
    for (OrganizationView view : views) {
      table.row(
          Words.brief(view.getOrganization()),
          Printable.line(view.getPetName()),
          Printable.line(view.getProfile().getLegalName()),
          String.join(", ", view.getRolesList().stream().map(RoleText::word).toList()),
          String.join(", ", view.getScopesList().stream().map(RoleText::scope).toList()),
          marks(view));
    }
    return table.orElse("no organizations");
  }

  private static String marks(OrganizationView view) {
    List<String> marks = new ArrayList<>();
    if (view.getOwn()) {
      marks.add("this one");
    }
    if (view.getAnchor()) {
      marks.add("anchor");
    }
    if (view.getRevoked()) {
      marks.add("revoked");
    }
    return String.join(", ", marks);
  }

  static String text(OrganizationView view) {
    Profile profile = view.getProfile();
    StringBuilder text = new StringBuilder();
    text.append(
        Table.fields(
            "organization",
            Words.hex(view.getOrganization()),
            "name",
            Printable.line(view.getPetName()),
            "legal name",
            Printable.line(profile.getLegalName()),
            "country",
            Printable.line(profile.getCountry()),
            "web site",
            Printable.line(profile.getWebSite()),
            "contacts",
            Printable.line(String.join(", ", profile.getContactsList())),
            "group",
            Printable.line(profile.getGroup()),
            "profile",
            "version "
                + profile.getVersion()
                + ", "
                + profile.getThreshold()
                + " of "
                + profile.getRootsCount()
                + " root keys sign",
            "may here",
            view.getRolesCount() == 0
                ? "nothing: see trust explain " + Words.brief(view.getOrganization())
                : String.join(", ", view.getRolesList().stream().map(RoleText::word).toList()),
            view.getRevoked() ? "revoked by" : "asked to be revoked by",
            Printable.line(String.join("; ", view.getRevocationsList())),
            "for",
            String.join(", ", view.getScopesList().stream().map(RoleText::scope).toList())));
    Table keys = new Table("KEY", "USES", "UNTIL", "ADDRESS");
    // In the profile they are ordered by id, which says nothing to people.
    List<OperationalKey> byUse = new ArrayList<>(profile.getKeysList());
    byUse.sort(Comparator.comparing(key -> key.getUses(0)));
    for (OperationalKey key : byUse) {
      keys.row(
          keyId(key).substring(0, 12),
          String.join(", ", uses(key)),
          Words.time(key.getNotAfterMillis()),
          Printable.line(key.getAddress()));
    }
    return text.append('\n').append(keys.orElse("no keys")).toString();
  }
}
