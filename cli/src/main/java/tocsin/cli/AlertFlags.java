package tocsin.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tocsin.trust.Severity;

/// What overrides and flushes have in common.
final class AlertFlags {
  @Option(
      names = "--severity",
      paramLabel = "LEVEL",
      description = "extreme, severe, moderate or minor (default: severe).")
  Severity severity = Severity.SEVERE;

  @Option(names = "--headline", paramLabel = "TEXT", description = "What happened, in one line.")
  String headline = "";

  @Option(
      names = "--evidence",
      paramLabel = "TEXT",
      description = "What was seen, where and by whom.")
  String evidence = "";

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it is in force, such as 30m or 24h (default: as long as it may).")
  @Nullable String expires;

  @Option(names = "--exercise", description = "A drill: shown everywhere, enacted nowhere.")
  boolean exercise;

  @Mixin Waiting waiting = new Waiting();

  @Mixin Signing signing = new Signing();
}
