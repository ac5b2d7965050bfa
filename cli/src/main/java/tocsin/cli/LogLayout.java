package tocsin.cli;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import ch.qos.logback.core.LayoutBase;
import java.util.stream.Collectors;

/// A line of the log: when, how grave, whose, and what in one line, whatever texts from elsewhere
/// are in it. What belongs to an exception stands below, behind a mark, so that none of its lines
/// can be taken for one of the log.
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static final String BELOW = "  | ";

  private final PatternLayout head = new PatternLayout();
  private final PatternLayout exception = new PatternLayout();

  @Override
  public void setContext(Context context) {
    super.setContext(context);
    head.setContext(context);
    exception.setContext(context);
  }

  @Override
  public void start() {
    head.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0}: %nopex");
    head.start();
    exception.setPattern("%ex{short}");
    exception.start();
    super.start();
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    String line =
        head.doLayout(event)
            + Printable.oneLine(String.valueOf(event.getFormattedMessage()))
            + "\n";
    String below = exception.doLayout(event);
    return below.isBlank()
        ? line
        : line
            + below
                .lines()
                .map(it -> BELOW + Printable.oneLine(it) + "\n")
                .collect(Collectors.joining());
  }
}
