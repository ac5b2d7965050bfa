package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tocsin.node.core.AlertState;
import tocsin.node.core.IncidentBook;
import tocsin.node.core.Progress;
import tocsin.node.lab.LabInternet;
import tocsin.node.lab.LabResolver;
import tocsin.storage.RefusedStatement;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Severity;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// The story: on 2 December 2008 criminals took over the registration of checkfree.com, an American
/// payment processor, and delegated it to name servers of their own. The registration was repaired
/// within hours; the caches of the world went on for two days.
final class CheckFree {
  private static final long OVERRIDE_MILLIS = Duration.ofHours(24).toMillis();
  private static final long FLUSH_MILLIS = Duration.ofHours(1).toMillis();

  /// Longer than any TTL in the overlay, shorter than that of the authoritative servers.
  private static final long AUTHORITATIVE_TTL_SECONDS = 3_600;

  /// "civic-trust-resolver, powerdns" and a blank or two.
  private static final int LABEL = 32;

  private final LabInternet lab;
  private final Cast cast;
  private final int nodes;
  private final Closer closer;
  private final Screen screen;
  private final Figures figures;
  private final DnsName domain;

  private @Nullable Customers customers;
  private @Nullable StatementId alert;

  /// When the alert's second signature was accepted, and when it became active at the node that
  /// raised it.
  private long endorsedMillis;

  private long activeMillis;

  /// When each resolver was verified; every later question must be answered right.
  private final Map<Member, Long> verifiedMillis = new LinkedHashMap<>();

  CheckFree(LabInternet lab, Cast cast, int nodes, Closer closer, Screen screen, Figures figures) {
    this.lab = lab;
    this.cast = cast;
    this.nodes = nodes;
    this.closer = closer;
    this.screen = screen;
    this.figures = figures;
    this.domain = DnsName.parse(lab.domain());
  }

  List<Scene> scenes() {
    return List.of(
        new Scene("start", nodes + " organizations start their nodes", this::start),
        new Scene("normal", "An ordinary day: customers ask for " + lab.www(), this::normal),
        new Scene("hijack", "2 December 2008: criminals take over the registration", this::hijack),
        new Scene("alert", "The victim's ISP raises an alert", this::raise),
        new Scene("endorse", "A security company endorses it", this::endorse),
        new Scene("propagation", "It is active at every node", this::propagation),
        new Scene("verified", "Every resolver is overridden and looked at", this::verified),
        new Scene("fake", "The criminals raise an alert of their own", this::fake),
        new Scene("corrupt-member", "A corrupt member tries it alone", this::corruptMember),
        new Scene("repair", "The owner has the registration repaired", this::repair),
        new Scene("flush", "The ISP closes the incident with a flush", this::flush),
        new Scene("fresh", "Fresh answers, from the victim's own servers", this::fresh),
        new Scene("sum", "The sum", this::sum));
  }

  private Customers customers() {
    if (customers == null) {
      throw new IllegalStateException("nobody asks yet");
    }
    return customers;
  }

  private StatementId alert() {
    if (alert == null) {
      throw new IllegalStateException("no alert was raised");
    }
    return alert;
  }

  private String start() throws NotSeen, InterruptedException {
    try {
      cast.assemble(nodes);
    } catch (IOException e) {
      throw new NotSeen(String.valueOf(e.getMessage()));
    }
    cast.introduce(domain);
    Patience.until("all nodes are connected and know each other", Limits.START, cast::isAssembled);
    Patience.until("the resolvers hold the overlay zone", Limits.START, cast::overlaysAreHeld);
    for (Member member : cast.members()) {
      figures.node(member.name()).put("organization", member.id().toString());
      String beside = member.resolver().map(resolver -> "; beside it: " + resolver).orElse("");
      screen.line(Words.padded(member.part().organization(), 20) + member.part().does() + beside);
    }
    for (Member member : cast.withResolver()) {
      LabResolver resolver = member.resolver().orElseThrow();
      Map<String, Object> figure = figures.resolver(member.resolverName());
      figure.put("node", member.name());
      figure.put("kind", resolver.kind());
      figure.put("software", resolver.toString());
    }
    return nodes + " nodes, connected by mutual TLS, with two common anchors";
  }

  private String normal() throws NotSeen, InterruptedException {
    long now = System.currentTimeMillis() - 1;
    customers = closer.keep(new Customers(cast, lab));
    Patience.until(
        "customers get the right address from every resolver",
        () -> customers().allHad(Prober.Kind.RIGHT, now));
    expectRight(lab.www(), 0);
    return "every resolver gives the right address";
  }

  private String hijack() throws NotSeen, InterruptedException {
    lab.hijackDelegation();
    screen.line(
        "the registry now delegates "
            + lab.domain()
            + " to "
            + String.join(" and ", lab.rogueNameServers().keySet())
            + ", for 48 hours");
    screen.line(
        "time passes until the caches have let go of the old answers (emptied by the demo)");
    for (Member member : cast.withResolver()) {
      member.empty(domain);
    }
    long now = System.currentTimeMillis();
    Patience.until(
        "every resolver tells the criminals' lie",
        () -> customers().allHad(Prober.Kind.ROGUE, now));
    for (Member member : cast.withResolver()) {
      Answers answer = ask(member, lab.www());
      if (!lab.isRogue(answer.text())) {
        throw new NotSeen(member.resolverName() + " does not tell the lie but " + answer.text());
      }
      screen.line(
          label(member)
              + screen.rogue(answer.text())
              + ", and will for "
              + answer.ttlSeconds() / 3600
              + " hours");
    }
    return "every resolver has cached the lie";
  }

  private String raise() throws NotSeen, InterruptedException {
    Member isp = cast.isp();
    Envelope override =
        isp.say(
            OVERRIDE_MILLIS,
            header ->
                new Statement.Alert(
                    header,
                    List.of(domain),
                    true,
                    new Statement.OverrideAction(
                        List.of(
                            new CorrectRecord.A(bytes(lab.rightAddress())),
                            new CorrectRecord.Aaaa(bytes(lab.rightAddress6()))),
                        List.of(),
                        List.of(),
                        List.of(),
                        false,
                        0),
                    Optional.empty(),
                    Optional.empty(),
                    Severity.EXTREME,
                    "The registration of " + lab.domain() + " is in the hands of criminals",
                    "",
                    false));
    alert = override.id();
    screen.line(
        "alert "
            + Words.shortened(alert())
            + ": override "
            + lab.domain()
            + " and all below it with");
    screen.line(
        "  A "
            + lab.rightAddress().getHostAddress()
            + "  AAAA "
            + lab.rightAddress6().getHostAddress());
    screen.line("  first signature:  " + isp.part().organization() + ", key " + isp.signature());
    IncidentBook.Standing standing =
        Patience.value("the ISP's node has the alert", () -> isp.standing(alert()));
    if (standing.state() != AlertState.PENDING) {
      throw new NotSeen(
          "the alert is pending; it is " + standing.state().word() + ": " + standing.reason());
    }
    screen.line(
        "pending, "
            + standing.judgement().found()
            + " of "
            + standing.judgement().required()
            + ": "
            + standing.reason());
    return "pending "
        + standing.judgement().found()
        + " of "
        + standing.judgement().required()
        + "; no resolver is touched";
  }

  private String endorse() throws NotSeen, InterruptedException {
    Member security = cast.security();
    Patience.until(
        "the alert has reached " + security.part().organization(), () -> security.has(alert()));
    Envelope endorsement =
        security.say(OVERRIDE_MILLIS, header -> new Statement.Endorsement(header, alert()));
    screen.line(
        "  second signature: " + security.part().organization() + ", key " + security.signature());
    OptionalLong seen = security.seenMillis(endorsement.id());
    if (seen.isEmpty()) {
      throw new NotSeen("the endorsement is accepted at " + security.name());
    }
    endorsedMillis = seen.getAsLong();
    Patience.until(
        "the alert is active at " + cast.isp().name(), () -> isActive(cast.isp(), alert()));
    IncidentBook.Standing standing = cast.isp().standing(alert()).orElseThrow();
    activeMillis = standing.activeSinceMillis().orElseThrow();
    for (var path : standing.judgement().paths()) {
      screen.line(
          "path: "
              + String.join(
                  " -> ",
                  path.stream().map(one -> cast.isp().ask(core -> core.nameOf(one))).toList())
              + " -> alert");
    }
    return "active, "
        + standing.judgement().found()
        + " of "
        + standing.judgement().required()
        + " disjoint paths";
  }

  private static boolean isActive(Member member, StatementId alert) {
    return member
        .standing(alert)
        .filter(standing -> standing.state() == AlertState.ACTIVE)
        .isPresent();
  }

  private String propagation() throws NotSeen, InterruptedException {
    long slowest = 0;
    for (Member member : cast.members()) {
      Patience.until("the alert is active at " + member.name(), () -> isActive(member, alert()));
      long since = member.standing(alert()).orElseThrow().activeSinceMillis().orElseThrow();
      long millis = Math.max(since - endorsedMillis, 0);
      figures.node(member.name()).put("propagation_ms", millis);
      screen.line(Words.padded(member.name(), 20) + "active after " + Words.millis(millis));
      slowest = Math.max(slowest, millis);
    }
    return "from the second signature to the last node " + Words.millis(slowest);
  }

  private String verified() throws NotSeen, InterruptedException {
    long slowest = 0;
    for (Member member : cast.withResolver()) {
      Progress progress =
          Patience.value(
              member.resolverName() + " is verified",
              () -> member.progress(alert()).filter(it -> it.word().equals("verified")));
      long active = member.standing(alert()).orElseThrow().activeSinceMillis().orElseThrow();
      long at = active + progress.millis();
      verifiedMillis.put(member, at);
      long millis = Math.max(at - endorsedMillis, 0);
      figures.resolver(member.resolverName()).put("verified_ms", millis);
      slowest = Math.max(slowest, millis);
      Answers answer = ask(member, lab.www());
      if (!answer.text().equals(lab.rightAddress().getHostAddress())) {
        throw new NotSeen(
            "a client gets the right answer from "
                + member.resolverName()
                + ", not "
                + answer.text());
      }
      screen.line(
          label(member)
              + "verified after "
              + Words.millis(millis)
              + "; a client is told "
              + screen.right(answer.text()));
    }
    expectRight("pay." + lab.domain(), 0);
    Patience.until(
        "every customer gets the right answer", () -> customers().rightSinceMillis().isPresent());
    return "from the second signature to the last resolver " + Words.millis(slowest);
  }

  private String fake() throws NotSeen, InterruptedException {
    Member hijacker;
    try {
      hijacker = cast.intruder();
    } catch (IOException e) {
      throw new NotSeen(String.valueOf(e.getMessage()));
    }
    String isp = cast.isp().gossip().toString();
    Patience.until(
        "the criminals' node is connected as a guest",
        () ->
            // To this very node: what is said before there is a stream to it never comes there.
            hijacker.ask(core -> core.view().peers()).stream()
                    .anyMatch(it -> it.connected() && it.address().equals(isp))
                && cast.isp().ask(core -> core.view().guestCount()) > 0);
    Envelope fake = hijacker.say(OVERRIDE_MILLIS, header -> lie(header, domain));
    screen.line(
        "alert "
            + Words.shortened(fake.id())
            + ": override "
            + lab.domain()
            + " with A "
            + lab.rogueAddress().getHostAddress()
            + ", well signed by "
            + hijacker.part().organization()
            + ", sent over a connection as a guest");
    RefusedStatement refused =
        Patience.value(
            cast.isp().name() + " refuses the fake alert",
            () -> cast.isp().ask(core -> core.view().log().refused(fake.id())));
    screen.line("refused by " + cast.isp().name() + ": " + refused.reason());
    figures.fake(true, refused.reason());
    // The same, carried to the node by a deceived operator.
    cast.security().hand(fake);
    RefusedStatement handed =
        Patience.value(
            cast.security().name() + " refuses the fake alert",
            () -> cast.security().ask(core -> core.view().log().refused(fake.id())));
    screen.line(
        "handed in by a deceived operator at "
            + cast.security().name()
            + ", refused: "
            + handed.reason());
    for (Member member : cast.members()) {
      if (member.has(fake.id())) {
        throw new NotSeen("nobody takes the fake alert; " + member.name() + " did");
      }
    }
    expectRight(lab.www(), 0);
    return "refused with a reason, and nothing of it is served";
  }

  private Statement.Alert lie(tocsin.trust.Header header, DnsName name) {
    return new Statement.Alert(
        header,
        List.of(name),
        true,
        new Statement.OverrideAction(
            List.of(new CorrectRecord.A(bytes(lab.rogueAddress()))),
            List.of(),
            List.of(),
            List.of(),
            false,
            0),
        Optional.empty(),
        Optional.empty(),
        Severity.EXTREME,
        "Please update your records",
        "",
        false);
  }

  private String corruptMember() throws NotSeen, InterruptedException {
    Member corrupt = cast.faraway();
    DnsName bank = DnsName.parse("bank.test.");
    Envelope lie = corrupt.say(OVERRIDE_MILLIS, header -> lie(header, bank));
    screen.line(
        "alert "
            + Words.shortened(lie.id())
            + " by "
            + corrupt.part().organization()
            + ", a vouched member: override bank.test. with A "
            + lab.rogueAddress().getHostAddress());
    String reason = "";
    for (Member member : cast.members()) {
      IncidentBook.Standing standing =
          Patience.value("the alert reaches " + member.name(), () -> member.standing(lie.id()));
      if (standing.state() != AlertState.PENDING) {
        throw new NotSeen(
            "it stays pending at " + member.name() + "; it is " + standing.state().word());
      }
      if (member == cast.isp()) {
        reason = standing.reason();
        figures.single(
            standing.state().word(),
            reason,
            standing.judgement().obstacle().stream().map(Object::toString).toList());
      }
    }
    screen.line("pending at every node: " + reason);
    return "logged everywhere for all to see, and served nowhere";
  }

  private String repair() throws NotSeen {
    lab.repair();
    screen.line(
        "the registry delegates "
            + lab.domain()
            + " to "
            + String.join(" and ", lab.rightNameServers().keySet())
            + " again");
    screen.line("without alerts the caches would go on with the lie for the rest of 48 hours");
    expectRight(lab.www(), 0);
    return "repaired; the overlay protects until the caches are clean";
  }

  private String flush() throws NotSeen, InterruptedException {
    long queriesBefore = lab.queries();
    Envelope flush =
        cast.isp()
            .say(
                FLUSH_MILLIS,
                header ->
                    new Statement.Alert(
                        header,
                        List.of(domain),
                        true,
                        new Statement.FlushAction(),
                        Optional.of(alert()),
                        Optional.empty(),
                        Severity.EXTREME,
                        "The registration of " + lab.domain() + " is right again",
                        "",
                        false));
    screen.line(
        "alert "
            + Words.shortened(flush.id())
            + ": flush "
            + lab.domain()
            + " of incident "
            + Words.shortened(alert()));
    for (Member member : cast.members()) {
      Patience.until(
          "the incident is closed at " + member.name(),
          () ->
              isResolved(member, flush.id())
                  && isResolved(member, alert())
                  && member.ask(core -> core.view().overlay().entries().isEmpty()));
    }
    for (Member member : cast.withResolver()) {
      screen.line(
          Words.padded(member.name(), 20)
              + "looked at the registry itself, flushed, withdrew the overlay, flushed again");
    }
    return "resolved at every node; authoritative servers were asked "
        + (lab.queries() - queriesBefore)
        + " times";
  }

  private static boolean isResolved(Member member, StatementId alert) {
    return member
        .standing(alert)
        .filter(standing -> standing.state() == AlertState.RESOLVED)
        .isPresent();
  }

  private String fresh() throws NotSeen, InterruptedException {
    long now = System.currentTimeMillis();
    expectRight(lab.www(), AUTHORITATIVE_TTL_SECONDS);
    Patience.until(
        "customers get the right address from every resolver",
        () -> customers().allHad(Prober.Kind.RIGHT, now));
    return "every resolver has it from the victim's own servers, with their TTL";
  }

  private String sum() throws NotSeen {
    OptionalLong rightSince = customers().rightSinceMillis();
    if (rightSince.isEmpty()) {
      throw new NotSeen("every resolver tells its customers the truth at last");
    }
    long exposure = Math.max(rightSince.getAsLong() - activeMillis, 0);
    long rogueAfter = 0;
    for (Member member : cast.withResolver()) {
      Prober prober = customers().of(member);
      long verified = verifiedMillis.getOrDefault(member, 0L);
      long rogueSince = prober.count(Prober.Kind.ROGUE, verified);
      long rogue = prober.count(Prober.Kind.ROGUE, 0) - rogueSince;
      long right = prober.count(Prober.Kind.RIGHT, verified);
      long none = prober.count(Prober.Kind.NONE, verified);
      Map<String, Object> figure = figures.resolver(member.resolverName());
      figure.put("rogue_before", rogue);
      figure.put("rogue_after", rogueSince);
      figure.put("right_after", right);
      figure.put("unanswered_after", none);
      screen.line(
          label(member)
              + rogue
              + " rogue answers before it was verified, then "
              + rogueSince
              + " rogue, "
              + right
              + " right"
              + (none == 0 ? "" : ", " + none + " without an answer"));
      rogueAfter += rogueSince;
    }
    figures.sum("exposure_ms", exposure);
    figures.sum("questions", customers().total());
    if (rogueAfter > 0) {
      throw new NotSeen(
          "no rogue answer after the override was verified; there were " + rogueAfter);
    }
    return "exposed for " + Words.millis(exposure) + " after the alert instead of 48 hours";
  }

  /// A resolver at the beginning of a line: "valley-isp-resolver, bind".
  private static String label(Member member) {
    return Words.padded(
        member.resolverName() + ", " + member.resolver().orElseThrow().kind(), LABEL);
  }

  private Answers ask(Member member, String name) {
    return Answers.of(member.resolver().orElseThrow().address(), name);
  }

  /// A client that asks each resolver once gets the right address.
  ///
  /// @param minTtlSeconds at least so long may it be kept
  private void expectRight(String name, long minTtlSeconds) throws NotSeen {
    String right = lab.rightAddress().getHostAddress();
    for (Member member : cast.withResolver()) {
      Answers answer = ask(member, name);
      if (!answer.text().equals(right) || answer.ttlSeconds() < minTtlSeconds) {
        throw new NotSeen(
            member.resolverName()
                + " says that "
                + name
                + " is at "
                + right
                + "; it says "
                + answer.text()
                + " for "
                + answer.ttlSeconds()
                + " s");
      }
      screen.line(
          label(member)
              + name
              + " is at "
              + screen.right(answer.text())
              + ", to be kept for "
              + answer.ttlSeconds()
              + " s");
    }
  }

  private static ByteString bytes(InetAddress address) {
    return ByteString.copyFrom(address.getAddress());
  }
}
