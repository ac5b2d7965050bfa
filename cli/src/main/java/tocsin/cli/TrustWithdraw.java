package tocsin.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tocsin.proto.ListVouchesRequest;
import tocsin.proto.VouchView;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

@Command(
    name = "withdraw",
    description = "Take back all that you vouched for an organization.",
    footer = {"", "Examples:", "  tocsin trust withdraw isp-1 --reason \"Contract ended\" --yes"})
final class TrustWithdraw extends Action {
  @Parameters(paramLabel = "ORG|CARD", description = "For whom: its name, its id or its card.")
  String organization = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people.")
  String reason = "";

  @Mixin Signing signing = new Signing();

  @Override
  ExitCode run(Session session) throws Failure, InterruptedException {
    Organizations.Meant subject = new Organizations(session).find(organization);
    List<StatementId> vouches = vouches(session, subject);
    if (vouches.isEmpty()) {
      throw new Failure(
              ExitCode.NOT_FOUND, "no vouch of yours for " + subject.id() + " is in force")
          .tryThis(session.command("trust list"));
    }
    if (!signing.dryRun && signing.offline == null) {
      session.consider("Alerts that only your vouch supports will end everywhere.", "withdraw");
    }
    Signer.Said said =
        new Signer(session, signing, "operations")
            .say(0, header -> new Statement.VouchWithdrawal(header, vouches, reason));
    List<String> ids = vouches.stream().map(StatementId::toString).toList();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.withdrawal/v1");
    said.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("subject", subject.id().toString());
    fields.put("vouches", ids);
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "withdrawal", said.id().map(Object::toString).orElse("(not signed: a dry run)"),
                    "vouches", String.join("\n            ", ids)));
    return ExitCode.OK;
  }

  private static List<StatementId> vouches(Session session, Organizations.Meant subject)
      throws Failure {
    String own = OwnProfile.organization(session.folder()).toString();
    ListVouchesRequest request =
        ListVouchesRequest.newBuilder().setOrganization(subject.id().toString()).build();
    TreeSet<StatementId> vouches = new TreeSet<>();
    for (VouchView view : session.node().call(node -> node.listVouches(request)).getVouchesList()) {
      boolean ours = Words.hex(view.getIssuer()).equals(own);
      boolean theirs = view.getVouch().getSubject().equals(subject.id().toByteString());
      if (ours && theirs && view.getState().equals("in force")) {
        vouches.add(StatementId.fromBytes(view.getId()));
      }
    }
    return new ArrayList<>(vouches);
  }
}
