package tocsin.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FolderTest {
  @Test
  void nothingIsLeftBehindUnlessItIsToBeKept() throws Exception {
    Folder gone = Folder.make(false);
    Files.createDirectories(gone.path().resolve("a/b"));
    Files.writeString(gone.path().resolve("a/b/c"), "text");
    gone.close();
    assertThat(gone.path()).doesNotExist();

    Folder kept = Folder.make(true);
    kept.close();
    assertThat(kept.path()).exists();
    Files.delete(kept.path());
  }

  @Test
  void whatComesAfterTheEndIsClosedAtOnce() throws Exception {
    Closer closer = new Closer();
    Path path = closer.keep(Folder.make(false)).path();
    closer.close();
    assertThat(path).doesNotExist();
    Folder late = Folder.make(false);
    org.assertj.core.api.Assertions.assertThatIllegalStateException()
        .isThrownBy(() -> closer.keep(late));
    assertThat(late.path()).doesNotExist();
  }
}
