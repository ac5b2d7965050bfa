package tocsin.node.resolver;

import java.nio.file.Path;
import java.util.List;
import tocsin.trust.DnsName;

/// The Lua that a node runs inside a Knot Resolver (5.x). All that is ours lives in one table,
/// `tocsin`, and one policy rule before all others; both vanish with the process.
///
/// Nothing of it outlives an hour without the node: each reading of the serial moves `till` on, and
/// the rule is silent after it.
final class KnotScript {
  private KnotScript() {}

  /// Puts the table and the rule in place, once in the life of a process.
  private static final String INSTALL =
      """
      if not modules.policy and not policy then modules.load('policy') end
      tocsin = { serial = 0, till = os.time() + %1$d, overlay = false, stubs = {}, insecure = {},
                 base = trust_anchors.insecure }
      local rule = policy.add(function (request, query)
        if os.time() >= tocsin.till then return nil end
        if tocsin.overlay then
          local action = tocsin.overlay(request, query)
          if action then return action end
        end
        local name = query:name()
        while #name > 1 do
          local stub = tocsin.stubs[name]
          if stub then return stub.action end
          name = string.sub(name, string.byte(name) + 2)
        end
        return nil
      end)
      for i, one in ipairs(policy.rules) do
        if one == rule then table.remove(policy.rules, i) break end
      end
      table.insert(policy.rules, 1, rule)
      event.recurrent(30 * sec, function ()
        if os.time() >= tocsin.till and next(tocsin.insecure) then
          tocsin.insecure = {}
          trust_anchors.set_insecure(tocsin.base)
        end
      end)
      """
          .formatted(ResolverLimits.INSECURE.toSeconds());

  /// The serial of the overlay in use, "0" if there is none yet.
  static String serial() {
    return function(
        "if not tocsin then "
            + INSTALL
            + " end tocsin.till = os.time() + "
            + ResolverLimits.INSECURE.toSeconds()
            + " return string.format('%.0f', tocsin.serial)");
  }

  /// Takes the overlay from a file.
  static String load(Path file, long serial) {
    return function(
        "local ok, rules = pcall(policy.rpz, policy.DENY, "
            + KnotControl.literal(file.toString())
            + ", false) if not ok then return 'error: ' .. tostring(rules) end"
            + " tocsin.overlay = rules tocsin.serial = "
            + serial
            + " return 'ok'");
  }

  static String clear(DnsName name) {
    return function(
        "local done = cache.clear("
            + KnotControl.literal(name.toString())
            + ", false, nil, 1000) return done and 'ok' or 'error'");
  }

  /// Answers [#KEPT], and puts nothing, if the operator has chosen the zone's servers.
  static String stub(DnsName zone, List<String> addresses) {
    List<String> literals = addresses.stream().map(KnotControl::literal).toList();
    return function(
        "local zone = kres.str2dname("
            + KnotControl.literal(zone.toString())
            + ") "
            + OWNED
            + " for _, rule in ipairs(policy.rules) do"
            + " if asks(rule, zone) and not asks(rule, parent) then return '"
            + KEPT
            + "' end end"
            + " tocsin.stubs[zone] = { action = policy.STUB({ "
            + String.join(", ", literals)
            + " }) } return 'ok'");
  }

  static final String KEPT = "kept";

  /// `asks(rule, name)`: whether this rule of the configuration sends questions for the name to
  /// servers of its own choice. One that does so for a zone and not for its parent is about that
  /// very zone. Only rules that are made by the policy module are tried, which look at the name and
  /// at nothing else; a function of the operator's own might do more.
  private static final String OWNED =
      """
      local parent = string.sub(zone, string.byte(zone) + 2)
      local function within(action, maker)
        local a, m = debug.getinfo(action, 'S'), debug.getinfo(maker, 'S')
        return a.source == m.source and a.linedefined > m.linedefined
            and a.lastlinedefined <= m.lastlinedefined
      end
      local function asks(rule, name)
        if debug.getinfo(rule.cb, 'S').source ~= debug.getinfo(policy.suffix, 'S').source then
          return false
        end
        local ok, action = pcall(rule.cb, nil, { name = function () return name end })
        return ok and type(action) == 'function'
            and (within(action, policy.STUB) or within(action, policy.FORWARD)
                or within(action, policy.TLS_FORWARD))
      end
      """;

  static String removeStub(DnsName zone) {
    return function(
        "tocsin.stubs[kres.str2dname("
            + KnotControl.literal(zone.toString())
            + ")] = nil return 'ok'");
  }

  static String insecure(DnsName zone, boolean insecure) {
    return function(
        "tocsin.insecure["
            + KnotControl.literal(zone.toString())
            + "] = "
            + (insecure ? "true" : "nil")
            + " local all = {} for _, one in ipairs(tocsin.base) do table.insert(all, one) end"
            + " for one in pairs(tocsin.insecure) do table.insert(all, one) end"
            + " local ok, why = pcall(trust_anchors.set_insecure, all)"
            + " return ok and 'ok' or 'error: ' .. tostring(why)");
  }

  /// A function that is called at once, in one line: the control socket evaluates expressions.
  private static String function(String body) {
    return "(function () " + body.replaceAll("\\s+", " ").strip() + " end)()";
  }
}
