package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import tocsin.storage.LogEntry;
import tocsin.storage.StatementLog;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Envelopes;
import tocsin.trust.Header;
import tocsin.trust.KeyUse;
import tocsin.trust.NetworkId;
import tocsin.trust.OrganizationId;
import tocsin.trust.Role;
import tocsin.trust.Severity;
import tocsin.trust.Sha256;
import tocsin.trust.SigningKey;
import tocsin.trust.Statement;
import tocsin.trust.StatementId;

/// A log as a federation leaves it after a year or more: a thousand organizations, five of them
/// anchors that vouch for all the others, which raise overrides and flushes and endorse each
/// other's, three statements a day each. Really signed.
final class LargeLog {
  static final int ANCHORS = 5;

  /// Organizations; a small log has few that say more than their profile and are vouched for.
  private static final int MOST_ORGANIZATIONS = 1_000;

  private static final long DAY = 24 * Header.HOUR_MILLIS;

  /// From one statement of an organization to its next.
  private static final long PERIOD = 8 * Header.HOUR_MILLIS;

  private final NetworkId network;
  private final List<Member> members = new ArrayList<>();
  private final long end;

  /// One organization's key and its chain.
  private static final class Member {
    final SigningKey root;
    final SigningKey key;
    Optional<OrganizationId> id = Optional.empty();
    Optional<StatementId> last = Optional.empty();
    Optional<StatementId> lastAlert = Optional.empty();
    int said;
    long nextMillis;

    Member(int number) {
      root = seeded("root " + number);
      key = seeded("key " + number);
    }

    private static SigningKey seeded(String text) {
      return SigningKey.fromSeed(Sha256.of(ByteString.copyFromUtf8(text)).toByteString());
    }
  }

  /// @param endMillis no statement is younger
  LargeLog(NetworkId network, int statements, long endMillis) {
    this.network = network;
    this.end = endMillis;
    int organizations = Math.min(MOST_ORGANIZATIONS, Math.max(2 * ANCHORS, statements / 10));
    for (int number = 0; number < organizations; number++) {
      members.add(new Member(number));
    }
  }

  /// Profiles of the organizations that the node is to take for anchors; they begin the log.
  List<Envelope> anchors() {
    return members.subList(0, ANCHORS).stream().map(this::profile).toList();
  }

  /// Appends and commits.
  ///
  /// @param count of statements, all in all
  void write(StatementLog log, int count, LongConsumer progress) {
    for (Member anchor : members.subList(0, ANCHORS)) {
      Envelope profile = profile(anchor);
      if (!log.contains(profile.id())) {
        append(log, profile);
      }
    }
    long begin = end - (2L + count / members.size()) * PERIOD;
    // An anchor needs as many periods as it has vouches to make.
    begin(begin - (1L + 2 * members.size() / ANCHORS) * PERIOD);
    // As in the log of a node that chose these anchors: nobody's profile is taken in before a
    // vouch.
    for (int number = ANCHORS; number < members.size(); number++) {
      Envelope profile = profile(members.get(number));
      for (int vouch = 0; vouch < 2; vouch++) {
        Member anchor = members.get((number + vouch) % ANCHORS);
        append(log, vouch(anchor, members.get(number)));
      }
      append(log, profile);
    }
    log.commit();
    begin(begin);
    List<Member> speaking = members.subList(ANCHORS, members.size());
    while (log.size() < count) {
      int round = (int) Math.min(count - log.size(), speaking.size());
      // What each endorses was said in the round before.
      List<Optional<StatementId>> before =
          speaking.stream().map(member -> member.lastAlert).toList();
      List<Envelope> said =
          IntStream.range(0, round)
              .parallel()
              .mapToObj(at -> next(speaking.get(at), at, before.get((at + 1) % speaking.size())))
              .toList();
      said.forEach(envelope -> append(log, envelope));
      log.commit();
      progress.accept(log.size());
    }
  }

  /// One after the other in each period.
  private void begin(long millis) {
    for (int number = 0; number < members.size(); number++) {
      members.get(number).nextMillis = millis + number * PERIOD / members.size();
    }
  }

  private static void append(StatementLog log, Envelope envelope) {
    LogEntry _ = log.append(envelope, envelope.statement().header().issuedAtMillis() + 250);
  }

  private Envelope profile(Member member) {
    long issued = end - 4_000 * DAY;
    Header header =
        new Header(
            network,
            Optional.empty(),
            member.root.id(),
            1,
            Optional.empty(),
            issued,
            0,
            issued / Header.HOUR_MILLIS,
            0);
    Statement.OperationalKey key =
        new Statement.OperationalKey(
            member.key.publicKey(),
            List.of(KeyUse.SUBMIT, KeyUse.ENDORSE, KeyUse.VOUCH),
            issued,
            end + 1_000 * DAY,
            "");
    Envelope profile =
        Envelopes.sign(
            new Statement.Profile(
                header,
                1,
                "Organization " + members.indexOf(member),
                "",
                "",
                List.of("soc@organization.test"),
                List.of(member.root.publicKey()),
                1,
                List.of(key),
                ""),
            List.of(member.root));
    member.id = Optional.of(profile.issuer());
    return profile;
  }

  private Envelope vouch(Member from, Member to) {
    long issued = from.nextMillis;
    return signed(
        from,
        new Statement.Vouch(
            header(from, issued, end + 365 * DAY),
            to.id.orElseThrow(),
            List.of(Role.SUBMITTER),
            List.of(DnsName.ROOT),
            0,
            "vetted"));
  }

  private Envelope next(Member member, int number, Optional<StatementId> others) {
    long issued = member.nextMillis;
    int kind = member.said % 10;
    if (kind >= 7 && others.isPresent()) {
      return signed(
          member, new Statement.Endorsement(header(member, issued, issued + DAY), others.get()));
    }
    boolean override = kind < 5;
    Statement.Action action =
        override
            ? new Statement.OverrideAction(
                List.of(
                    new CorrectRecord.A(ByteString.copyFrom(new byte[] {(byte) 192, 0, 2, 10}))),
                List.of(),
                List.of(ByteString.copyFrom(new byte[] {(byte) 203, 0, 113, 66})),
                List.of(),
                false,
                60)
            : new Statement.FlushAction();
    Envelope alert =
        signed(
            member,
            new Statement.Alert(
                header(member, issued, issued + (override ? DAY : Header.HOUR_MILLIS)),
                List.of(DnsName.of("www.bank-%d-%d.test".formatted(number, member.said))),
                override,
                action,
                Optional.empty(),
                Optional.empty(),
                Severity.SEVERE,
                "the name resolves to a server that is not its owner's",
                "seen from three networks; the registrar's account was taken over, ticket "
                    + member.said,
                false));
    member.lastAlert = Optional.of(alert.id());
    return alert;
  }

  private Header header(Member member, long issued, long expires) {
    return new Header(
        network,
        member.id,
        member.key.id(),
        member.said + 1,
        member.last,
        issued,
        expires,
        issued / Header.HOUR_MILLIS,
        0);
  }

  private static Envelope signed(Member member, Statement statement) {
    Envelope envelope = Envelopes.sign(statement, List.of(member.key));
    member.said++;
    member.nextMillis += PERIOD;
    member.last = Optional.of(envelope.id());
    return envelope;
  }
}
