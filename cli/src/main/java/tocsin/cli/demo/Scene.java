package tocsin.cli.demo;

/// One step of the story.
///
/// @param word for scripts
/// @param heading for people
record Scene(String word, String heading, Play play) {
  /// Plays it, and returns once it was seen.
  interface Play {
    /// @return what was seen, in one line
    /// @throws NotSeen if it was not
    String play() throws NotSeen, InterruptedException;
  }
}
