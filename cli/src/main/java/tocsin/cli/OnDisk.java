package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import tocsin.cli.demo.Folder;

/// Where a benchmark writes: what it measures is a disk.
final class OnDisk {
  @Option(
      names = "--on",
      paramLabel = "FOLDER",
      description = "On which disk (default: the temporary folder's).")
  private Path on = Folder.temporary();

  Path folder() throws Failure {
    if (!Files.isDirectory(on)) {
      throw Failure.usage("there is no folder " + on);
    }
    return on;
  }
}
