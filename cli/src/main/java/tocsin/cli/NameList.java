package tocsin.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tocsin.proto.ListRegistrationsRequest;
import tocsin.proto.Registration;
import tocsin.proto.RegistrationView;
import tocsin.trust.Statement;
import tocsin.trust.StatementCodec;
import tocsin.trust.StatementKind;

@Command(
    name = "list",
    description = "Registered names, and how each registration stands on this node.",
    footer = {"", "Examples:", "  tocsin name list", "  tocsin name list bank.test -o json"})
final class NameList extends Action {
  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "Only registrations at, above or below it.")
  @Nullable String name;

  @Override
  ExitCode run(Session session) throws Failure {
    ListRegistrationsRequest.Builder request = ListRegistrationsRequest.newBuilder();
    if (name != null) {
      request.setName(Names.parse(List.of(name)).getFirst().toString());
    }
    List<RegistrationView> views =
        session.node().call(node -> node.listRegistrations(request.build())).getRegistrationsList();
    Organizations.Names names = Organizations.namesFor(session);
    session.output().list(views.stream().map(NameList::fields).toList(), () -> table(views, names));
    return ExitCode.OK;
  }

  private static Map<String, Object> fields(RegistrationView view) {
    Registration registration = view.getRegistration();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.registration/v1");
    fields.put("id", Words.hex(view.getId()));
    fields.put("owner", Words.hex(view.getOwner()));
    fields.put("names", registration.getNamesList());
    fields.put("records", records(registration));
    fields.put(
        "nameservers", registration.getNameServersList().stream().map(it -> it.getName()).toList());
    fields.put("submitters", registration.getSubmittersList().stream().map(Words::hex).toList());
    fields.put("endorsements", registration.getEndorsements());
    fields.put("state", view.getState());
    fields.put("reason", view.getReason());
    fields.put("first_seen", Words.exactTime(view.getFirstSeenMillis()));
    fields.put("binds", Words.exactTime(view.getBindsAtMillis()));
    fields.put("expires", Words.exactTime(registration.getHeader().getExpiresAtMillis()));
    fields.put("paths", view.getPathsFound());
    fields.put("paths_required", view.getPathsRequired());
    return fields;
  }

  private static List<String> records(Registration registration) {
    var parsed = StatementCodec.parse(StatementKind.REGISTRATION, registration.toByteString());
    return parsed instanceof StatementCodec.Parsed.Good good
            && good.statement() instanceof Statement.Registration it
        ? it.records().stream().map(RecordText::show).toList()
        : List.of();
  }

  private static String table(List<RegistrationView> views, Organizations.Names names) {
    Table table =
        new Table("REGISTRATION", "NAMES", "OWNER", "STATE", "BINDS", "EXPIRES", "BECAUSE");
    for (RegistrationView view : views) {
      table.row(
          Words.brief(view.getId()),
          String.join(", ", view.getRegistration().getNamesList()),
          names.of(view.getOwner()),
          view.getState(),
          Words.time(view.getBindsAtMillis()),
          Words.time(view.getRegistration().getHeader().getExpiresAtMillis()),
          Printable.line(view.getReason()));
    }
    return table.orElse("no names are registered");
  }
}
