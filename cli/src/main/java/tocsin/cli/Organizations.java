package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tocsin.node.config.Suggestion;
import tocsin.proto.ListAnchorsRequest;
import tocsin.proto.ListOrganizationsRequest;
import tocsin.proto.OrganizationView;
import tocsin.trust.Envelope;
import tocsin.trust.OrganizationId;

/// Organizations as people name them: by a card, by a pet name, or by their id or the beginning of
/// it.
final class Organizations {
  private final Session session;
  private final Aliases aliases;

  Organizations(Session session) throws Failure {
    this.session = session;
    this.aliases = Aliases.read(session.folder());
  }

  /// Whom a text means.
  ///
  /// @param profile what a card carried; empty if it was no card
  record Meant(OrganizationId id, List<Envelope> profile) {}

  /// @throws Failure with exit code 2 if it is no name or fits several, 6 if nobody is called that
  Meant find(String text) throws Failure {
    Optional<Meant> card = Cards.read(text);
    if (card.isPresent()) {
      return card.get();
    }
    String expanded = aliases.expand(text);
    if (expanded.matches("[0-9a-f]{64}")) {
      return new Meant(OrganizationId.fromHex(expanded), List.of());
    }
    List<OrganizationView> found = list(expanded);
    if (found.isEmpty()) {
      throw new Failure(ExitCode.NOT_FOUND, "no organization is called \"" + text + "\" here")
          .tryThis(session.command("org list"));
    }
    if (found.size() > 1) {
      throw Failure.usage("\"" + text + "\" fits " + found.size() + " organizations")
          .tryThis("more digits of the id; " + session.command("org list"));
    }
    return new Meant(OrganizationId.fromBytes(found.getFirst().getOrganization()), List.of());
  }

  /// What the node takes: a card stays a card, an alias of this folder becomes an id.
  String forNode(String text) {
    return aliases.expand(text);
  }

  List<OrganizationView> list(String text) throws Failure {
    ListOrganizationsRequest request =
        ListOrganizationsRequest.newBuilder().setOrganization(aliases.expand(text)).build();
    try {
      return session.node().call(node -> node.listOrganizations(request)).getOrganizationsList();
    } catch (Failure e) {
      throw e.code() == ExitCode.NOT_FOUND ? meant(e, text) : e;
    }
  }

  /// The same failure, with what was most likely meant.
  private Failure meant(Failure failure, String text) throws Failure {
    List<String> known = new ArrayList<>(aliases.all().keySet());
    session
        .node()
        .call(node -> node.listAnchors(ListAnchorsRequest.getDefaultInstance()))
        .getAnchorsList()
        .forEach(it -> known.add(it.getName()));
    return Suggestion.closest(text, known)
        .map(it -> failure.because("did you mean " + Printable.line(it) + "?"))
        .orElse(failure)
        .tryThis(session.command("org list"));
  }

  /// Names are for people: where no table is printed, the node is not asked.
  static Names namesFor(Session session) throws Failure {
    return session.output().format() == Format.TABLE
        ? new Organizations(session).names()
        : new Names(Map.of());
  }

  /// Short names for tables: the alias, else the pet name, else the legal name, else the beginning
  /// of the id.
  Names names() throws Failure {
    Map<ByteString, String> known = new HashMap<>();
    for (OrganizationView view : list("")) {
      String name =
          view.getPetName().isEmpty() ? view.getProfile().getLegalName() : view.getPetName();
      if (!name.isEmpty()) {
        known.put(view.getOrganization(), Printable.line(name));
      }
    }
    aliases.byId().forEach((id, alias) -> known.put(id.toByteString(), alias));
    return new Names(known);
  }

  record Names(Map<ByteString, String> known) {
    Names {
      known = Map.copyOf(known);
    }

    String of(ByteString organization) {
      return known.getOrDefault(organization, Words.brief(organization));
    }

    String of(List<ByteString> organizations) {
      return String.join(", ", organizations.stream().map(this::of).toList());
    }
  }
}
