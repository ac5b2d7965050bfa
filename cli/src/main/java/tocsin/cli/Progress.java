package tocsin.cli;

/// A bar for something long: `[#####.....] 50 % 500,000 of 1,000,000 statements`.
final class Progress {
  private static final int WIDTH = 30;

  private Progress() {}

  static String line(String what, long done, long all) {
    int percent = all == 0 ? 100 : (int) (100 * done / all);
    int marks = WIDTH * percent / 100;
    return "[%s%s] %3d %%  %,d of %,d %s"
        .formatted("#".repeat(marks), ".".repeat(WIDTH - marks), percent, done, all, what);
  }
}
