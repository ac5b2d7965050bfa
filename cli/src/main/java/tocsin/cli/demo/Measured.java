package tocsin.cli.demo;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Envelope;
import tocsin.trust.Header;
import tocsin.trust.Severity;
import tocsin.trust.Statement;

/// Alerts of 1 KiB, for measuring: drills, for which nothing is enacted.
public final class Measured {
  /// With names, keys, signature and this text an alert has 1 KiB.
  private static final int EVIDENCE_CHARACTERS = 640;

  private Measured() {}

  public static Statement.Alert alert(Header header, DnsName name, String headline) {
    Statement.OverrideAction action =
        new Statement.OverrideAction(
            List.of(new CorrectRecord.Txt(List.of(ByteString.copyFromUtf8("measured")))),
            List.of(),
            List.of(),
            List.of(),
            false,
            60);
    return new Statement.Alert(
        header,
        List.of(name),
        false,
        action,
        Optional.empty(),
        Optional.empty(),
        Severity.MINOR,
        headline,
        "m".repeat(EVIDENCE_CHARACTERS),
        true);
  }

  /// Raises one at its submitter's node; it is durable there on return.
  static Envelope raise(Member submitter, DnsName name, long lifeMillis, String headline) {
    return submitter.say(lifeMillis, header -> alert(header, name, headline));
  }
}
