package tocsin.node.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

class PrivateNetworkIT {
  /// Run by another JVM, inside.
  static final class Inside {
    public static void main(String[] args) throws Exception {
      try (LabInternet lab = LabInternet.start()) {
        boolean real = UnboundProcess.find().isPresent() && lab.onPort53();
        Optional<InetSocketAddress> none = Optional.empty();
        try (LabResolver resolver =
            real
                ? UnboundProcess.start(
                    new UnboundProcess.Settings(
                        lab, "alert.rpz.", none, UnboundProcess.Control.UNIX, false, List.of()))
                : EmbeddedResolver.start(lab, "alert.rpz.", none)) {
          Message answer =
              new SimpleResolver(resolver.address())
                  .send(
                      Message.newQuery(
                          Record.newRecord(Name.fromString(lab.www()), Type.A, DClass.IN)));
          System.out.println(
              "port "
                  + lab.port()
                  + " answer "
                  + answer.getSection(Section.ANSWER).getFirst().rdataToString());
        }
      }
    }
  }

  @Test
  void aLabOnPort53LivesInAPrivateNetworkWithoutRoot() throws Exception {
    Optional<List<String>> prefix = PrivateNetwork.prefix();
    assumeTrue(prefix.isPresent(), "this system lets no one make a user and network namespace");
    List<String> command = new ArrayList<>(prefix.orElseThrow());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Inside.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("port 53 answer 192.0.2.80");
  }
}
