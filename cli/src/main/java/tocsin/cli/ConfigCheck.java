package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tocsin.node.config.ConfigException;
import tocsin.node.config.ConfigFile;
import tocsin.node.config.ConfigProblem;

@Command(
    name = "check",
    description = "Read the configuration and tell everything that is wrong with it.",
    footer = {"", "Examples:", "  tocsin config check --dir /etc/tocsin"})
final class ConfigCheck extends Action {
  @Mixin Settings settings = new Settings();

  @Override
  ExitCode run(Session session) throws Failure {
    String file = session.folder().configFile().toString();
    ConfigFile.Loaded loaded;
    try {
      loaded = session.loaded(settings.values);
    } catch (Failure e) {
      if (e.getCause() instanceof ConfigException wrong) {
        problems(session, file, wrong);
      }
      throw e;
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.config-check/v1");
    fields.put("config", file);
    fields.put("ok", true);
    fields.put("warnings", loaded.warnings());
    loaded.warnings().forEach(warning -> session.tell("warning: " + warning));
    session.output().one(fields, () -> file + " is right\n");
    return ExitCode.OK;
  }

  /// For scripts; people read them on standard error.
  private static void problems(Session session, String file, ConfigException wrong) {
    List<Map<String, Object>> problems = new ArrayList<>();
    for (ConfigProblem problem : wrong.problems()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("where", problem.where());
      each.put("line", problem.line());
      each.put("column", problem.column());
      each.put("what", problem.what());
      each.put("try", problem.attempt());
      problems.add(each);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.config-check/v1");
    fields.put("config", file);
    fields.put("ok", false);
    fields.put("problems", problems);
    session.output().one(fields, () -> "");
  }
}
