package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.WhyAlert;
import tocsin.proto.WhyAnswer;
import tocsin.proto.WhyReply;
import tocsin.proto.WhyRequest;

@Command(
    name = "why",
    description = "Why the resolvers beside this node answer for a name as they do.",
    footer = {"", "Examples:", "  tocsin why www.bank.test", "  tocsin why bank.test --type MX"})
final class WhyCommand extends Action {
  @Parameters(paramLabel = "NAME", description = "The name.")
  String name = "";

  @Option(names = "--type", paramLabel = "TYPE", description = "A, AAAA, MX, ... (default: A).")
  String type = "A";

  @Override
  ExitCode run(Session session) throws Failure {
    WhyRequest request =
        WhyRequest.newBuilder()
            .setName(Names.parse(List.of(name)).getFirst().toString())
            .setType(type.toUpperCase(Locale.ROOT))
            .build();
    WhyReply reply = session.node().call(node -> node.why(request));
    Organizations.Names names = Organizations.namesFor(session);
    Aliases aliases = Aliases.read(session.folder());
    session.output().one(fields(reply), () -> text(reply, names, aliases));
    return ExitCode.OK;
  }

  private static Map<String, Object> fields(WhyReply reply) {
    List<Map<String, Object>> answers = new ArrayList<>();
    for (WhyAnswer answer : reply.getAnswersList()) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("resolver", answer.getResolver());
      each.put("records", answer.getRecordsList());
      each.put("response_code", answer.getResponseCode());
      each.put("source", answer.getSource());
      answers.add(each);
    }
    List<Map<String, Object>> alerts = new ArrayList<>();
    for (WhyAlert alert : reply.getAlertsList()) {
      Map<String, Object> each = AlertShown.fields(alert.getAlert());
      each.put("explanation", ExplanationShown.fields(alert.getExplanation()));
      alerts.add(each);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.why/v1");
    fields.put("name", reply.getName());
    fields.put("type", reply.getType());
    fields.put("verdict", reply.getVerdict());
    fields.put("answers", answers);
    fields.put("alerts", alerts);
    return fields;
  }

  private static String text(WhyReply reply, Organizations.Names names, Aliases aliases) {
    StringBuilder text = new StringBuilder();
    text.append(Printable.line(reply.getVerdict())).append("\n\n");
    Table answers = new Table("RESOLVER", "ANSWER", "FROM");
    for (WhyAnswer answer : reply.getAnswersList()) {
      answers.row(
          answer.getResolver(),
          answer.getRecordsCount() == 0
              ? answer.getResponseCode()
              : Printable.line(String.join(", ", answer.getRecordsList())),
          answer.getSource());
    }
    text.append(answers.orElse("no resolvers are beside this node"));
    for (WhyAlert alert : reply.getAlertsList()) {
      text.append('\n').append(AlertShown.table(alert.getAlert(), names));
      text.append('\n').append(ExplanationShown.text(aliases.shown(alert.getExplanation())));
    }
    return text.toString();
  }
}
