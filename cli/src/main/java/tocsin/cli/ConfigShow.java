package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.node.config.Setting;

@Command(
    name = "show",
    description = "Every value of the configuration, defaults included.",
    footer = {"", "Examples:", "  tocsin config show --origin"})
final class ConfigShow extends Action {
  /// Longer values would push the next column off the screen; `-o json` has them whole.
  private static final int MAX_SHOWN = 50;

  @Option(names = "--origin", description = "Also where each value is from.")
  boolean origin;

  @Mixin Settings settings = new Settings();

  @Override
  ExitCode run(Session session) throws Failure {
    List<Setting> all = session.loaded(settings.values).settings();
    List<Map<String, Object>> items = new ArrayList<>();
    Table table = origin ? new Table("KEY", "VALUE", "FROM") : new Table("KEY", "VALUE");
    for (Setting setting : all) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("schema", "tocsin.setting/v1");
      fields.put("key", setting.key());
      fields.put("value", setting.value());
      if (origin) {
        fields.put("origin", setting.origin().toString());
        table.row(setting.key(), clipped(setting.value()), setting.origin().toString());
      } else {
        table.row(setting.key(), clipped(setting.value()));
      }
      items.add(fields);
    }
    session.output().list(items, table::toString);
    return ExitCode.OK;
  }

  private static String clipped(String value) {
    return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN - 3) + "...";
  }
}
