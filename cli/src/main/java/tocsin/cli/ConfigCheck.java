package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tocsin.node.config.ConfigFile;

@Command(
    name = "check",
    description = "Read the configuration and tell everything that is wrong with it.",
    footer = {"", "Examples:", "  tocsin config check --dir /etc/tocsin"})
final class ConfigCheck extends Action {
  @Mixin Settings settings = new Settings();

  @Override
  ExitCode run(Session session) throws Failure {
    ConfigFile.Loaded loaded = session.loaded(settings.values);
    String file = session.folder().configFile().toString();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.config-check/v1");
    fields.put("config", file);
    fields.put("ok", true);
    fields.put("warnings", loaded.warnings());
    loaded.warnings().forEach(warning -> session.tell("warning: " + warning));
    session.output().one(fields, () -> file + " is right\n");
    return ExitCode.OK;
  }
}
