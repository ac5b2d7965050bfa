package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.proto.OrganizationView;
import tocsin.trust.Envelope;
import tocsin.trust.KeyId;
import tocsin.trust.Statement;

/// The keys that this organization's profile lists.
final class OwnKeys {
  private static final int FEWEST_DIGITS = 4;

  private OwnKeys() {}

  /// The own key whose id begins so; empty if there is none, so that it may be something else.
  ///
  /// @throws Failure of usage, if several do
  static Optional<KeyId> find(Session session, String prefix) throws Failure {
    if (!prefix.matches("[0-9a-f]{" + FEWEST_DIGITS + ",64}")) {
      return Optional.empty();
    }
    List<KeyId> found =
        profile(session).keys().stream()
            .map(key -> key.key().id())
            .filter(id -> id.toString().startsWith(prefix))
            .toList();
    if (found.size() > 1) {
      throw Failure.usage("\"" + prefix + "\" fits " + found.size() + " keys");
    }
    return found.stream().findFirst();
  }

  /// The own key that is called so: by its id, or by its file in the folder.
  static Optional<KeyId> named(Session session, String text) throws Failure {
    Path file = session.folder().key(text);
    if (text.matches("[a-z0-9][a-z0-9-]{0,40}") && Files.exists(file)) {
      try {
        return Optional.of(KeyFiles.read(file, Optional.empty()).id());
      } catch (KeyFileException e) {
        throw Failure.usage(e.getMessage() + "; name the key by its id").causedBy(e);
      }
    }
    return find(session, text);
  }

  /// All versions that are at hand where no node runs.
  static List<Envelope> stopped(Session session) throws Failure {
    Envelope genesis = OwnProfile.genesis(session.folder());
    List<Envelope> versions =
        StoppedLog.profiles(
            session.folder(), genesis.statement().header().network(), genesis.issuer());
    return versions.isEmpty() ? List.of(genesis) : versions;
  }

  /// The newest profile of this organization that is at hand: the node's, else that in the log of a
  /// stopped node, else the genesis.
  static Statement.Profile profile(Session session) throws Failure {
    if (session.nodeRuns()) {
      Organizations organizations = new Organizations(session);
      String own = OwnProfile.organization(session.folder()).toString();
      for (OrganizationView view : organizations.list(own)) {
        Optional<Organizations.Meant> card = Cards.read(view.getCard());
        if (card.isPresent()) {
          Envelope newest = card.get().profile().getLast();
          return (Statement.Profile) newest.statement();
        }
      }
    }
    return (Statement.Profile) stopped(session).getLast().statement();
  }
}
