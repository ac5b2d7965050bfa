package tocsin.cli;

import java.util.Locale;
import tocsin.trust.DnsName;
import tocsin.trust.Role;

/// Roles and scopes in words.
final class RoleText {
  private RoleText() {}

  static String word(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  static String word(tocsin.proto.Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  static String scope(DnsName scope) {
    return scope(scope.toString());
  }

  static String scope(String scope) {
    return scope.equals(".") ? "all names" : scope;
  }
}
