package tocsin.cli;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import tocsin.trust.CorrectRecord;
import tocsin.trust.DnsName;
import tocsin.trust.Statement;

/// What is right, and what the criminals use: the flags of commands that say it.
final class CorrectionFlags {
  @Option(
      names = "--record",
      paramLabel = "RECORD",
      description = "A correct record: type and data, such as \"MX 10 mail.bank.test.\".")
  List<String> records = new ArrayList<>();

  @Option(
      names = "--nameserver",
      paramLabel = "SERVER",
      description = "A correct name server and its addresses: \"ns1.bank.test 192.0.2.53\".")
  List<String> nameServers = new ArrayList<>();

  List<CorrectRecord> records() throws Failure {
    try {
      return records.stream().map(RecordText::parse).toList();
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  List<Statement.NameServer> nameServers() throws Failure {
    try {
      return nameServers.stream().map(RecordText::nameServer).toList();
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  boolean isEmpty() {
    return records.isEmpty() && nameServers.isEmpty();
  }

  /// Addresses and names of name servers, as they are mixed on the command line.
  record Rogue(List<ByteString> addresses, List<DnsName> nameServers) {
    static Rogue parse(List<String> texts) throws Failure {
      List<ByteString> addresses = new ArrayList<>();
      List<DnsName> servers = new ArrayList<>();
      try {
        for (String each : texts) {
          if (RecordText.isAddress(each)) {
            addresses.add(RecordText.anyAddress(each, each));
          } else {
            servers.add(Names.parse(each));
          }
        }
      } catch (IllegalArgumentException e) {
        throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
      }
      return new Rogue(addresses, servers);
    }
  }
}
