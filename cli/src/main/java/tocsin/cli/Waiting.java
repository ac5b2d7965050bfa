package tocsin.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tocsin.node.config.Durations;
import tocsin.proto.AlertState;
import tocsin.proto.AlertView;
import tocsin.proto.GetAlertRequest;
import tocsin.proto.ResolverProgress;
import tocsin.trust.StatementId;

/// `--wait applied:100% --timeout 60s`: to wait until resolvers have applied an alert.
final class Waiting {
  private static final Pattern APPLIED = Pattern.compile("applied:([0-9]{1,3})%?");

  @Option(
      names = "--wait",
      paramLabel = "WHAT",
      description = "Wait until so many of the resolvers here have applied it: applied:100%%.")
  @Nullable String until;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to wait (default: 60s); then the exit code is 7.")
  String timeout = "60s";

  /// What waiting came to.
  ///
  /// @param view the last that was seen
  /// @param code OK, or why not: it ended another way, or the time was up
  record Outcome(AlertView view, ExitCode code) {}

  /// Fails early on flags that make no sense, before anything is signed.
  void check() throws Failure {
    percent();
    patience();
  }

  private Optional<Integer> percent() throws Failure {
    String wanted = until;
    if (wanted == null) {
      return Optional.empty();
    }
    Matcher matcher = APPLIED.matcher(wanted);
    if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 100) {
      throw Failure.usage("\"" + wanted + "\" is nothing to wait for")
          .tryThis("--wait applied:100%");
    }
    return Optional.of(Integer.parseInt(matcher.group(1)));
  }

  private Duration patience() throws Failure {
    try {
      return Durations.parse(timeout);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /// The same of an alert that the node may have refused.
  ///
  /// @throws Failure this refusal, if the node does not know the alert at all
  Outcome await(Session session, StatementId id, Optional<Failure> refusal) throws Failure {
    try {
      return await(session, id);
    } catch (Failure e) {
      throw e.code() == ExitCode.NOT_FOUND ? refusal.orElse(e) : e;
    }
  }

  /// The alert as it is now, or, if asked to wait, as it is in the end.
  Outcome await(Session session, StatementId id) throws Failure {
    GetAlertRequest request = GetAlertRequest.newBuilder().setId(id.toString()).build();
    AlertView now = session.node().call(node -> node.getAlert(request));
    Optional<Integer> percent = percent();
    if (percent.isEmpty()) {
      return new Outcome(now, ended(now).orElse(ExitCode.OK));
    }
    AlertView[] last = {now};
    boolean done =
        session
            .node()
            .watch(
                patience(),
                node -> node.watchAlert(request),
                (AlertView view) -> {
                  last[0] = view;
                  session.progress(progress(view));
                  return isApplied(view, percent.get()) || ended(view).isPresent();
                });
    session.endProgress();
    if (!done) {
      session.tell("not applied after " + timeout + ": " + progress(last[0]));
      return new Outcome(last[0], ExitCode.PARTIAL);
    }
    return new Outcome(
        last[0], isApplied(last[0], percent.get()) ? ExitCode.OK : ended(last[0]).orElseThrow());
  }

  private static boolean isApplied(AlertView view, int percent) {
    if (view.getState() == AlertState.RESOLVED && view.getAlert().hasFlush()) {
      return true;
    }
    return view.getState() == AlertState.ACTIVE
        && 100 * applied(view) >= (long) percent * view.getResolversCount();
  }

  private static long applied(AlertView view) {
    return view.getResolversList().stream().filter(Waiting::isApplied).count();
  }

  private static boolean isApplied(ResolverProgress progress) {
    return progress.getState().equals("verified") || progress.getState().equals("cleared");
  }

  /// It will never be applied any more.
  private static Optional<ExitCode> ended(AlertView view) {
    return switch (view.getState()) {
      case REFUSED -> Optional.of(ExitCode.REFUSED);
      case RECALLED, EXPIRED -> Optional.of(ExitCode.FAILED);
      case RESOLVED -> view.getAlert().hasFlush() ? Optional.empty() : Optional.of(ExitCode.FAILED);
      case PENDING, ACTIVE, ALERT_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }

  private static String progress(AlertView view) {
    if (view.getState() == AlertState.PENDING) {
      return "pending, " + view.getPathsFound() + " of " + view.getPathsRequired() + " paths";
    }
    return AlertShown.state(view)
        + ", applied by "
        + applied(view)
        + " of "
        + view.getResolversCount()
        + " resolvers";
  }
}
