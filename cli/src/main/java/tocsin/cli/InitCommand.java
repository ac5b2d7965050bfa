package tocsin.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tocsin.node.config.HostPort;
import tocsin.node.config.KeyFileException;
import tocsin.node.config.KeyFiles;
import tocsin.node.config.NodeFolder;

@Command(
    name = "init",
    description = "Make the keys and the configuration of a new node.",
    footer = {
      "",
      "It asks three questions; each can be answered by its flag instead.",
      "",
      "Examples:",
      "  tocsin init",
      "  tocsin init --organization \"Example ISP\" --name isp-1 --listen 192.0.2.7:7353 --yes",
      "  tocsin init --organization \"Example ISP\" --passphrase-file /root/passphrase --yes"
    })
final class InitCommand extends Action {
  @Option(
      names = "--organization",
      paramLabel = "NAME",
      description = "The organization's legal name.")
  String organization = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call the node (default: the host's name).")
  String name = "";

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description = "Where it listens for other nodes (default: 0.0.0.0:7353).")
  String listen = "";

  @Option(
      names = "--advertise",
      paramLabel = "HOST:PORT",
      description = "Where others reach it (default: as --listen; none: it only dials).")
  String advertise = "";

  @Option(
      names = "--dns",
      paramLabel = "ADDRESS:PORT",
      description = "Where resolvers get its zones (default: 127.0.0.1:7354).")
  String dns = "127.0.0.1:7354";

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description = "main, test, or one of your own (default: main).")
  String network = "main";

  @Option(
      names = "--peer",
      paramLabel = "HOST:PORT",
      description = "A node to connect to; repeat for several.")
  List<String> peers = new ArrayList<>();

  @Option(
      names = "--contact",
      paramLabel = "TEXT",
      description = "How people reach the organization; repeat for several.")
  List<String> contacts = new ArrayList<>();

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description =
          "Encrypt the root and operations keys under the first line of FILE (default: plain files"
              + " of mode 0600). The node's own key is always plain: a node starts by itself.")
  @Nullable Path passphraseFile;

  @Override
  ExitCode run(Session session) throws Failure {
    NodeFolder folder = session.folder();
    refuseInitialized(folder);
    Founding.Answers answers = answers(session);
    Optional<char[]> passphrase = passphrase();
    Founding.Founded founded;
    try {
      founded = Founding.found(folder, answers, passphrase, System.currentTimeMillis());
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schema", "tocsin.init/v1");
    fields.put("organization", founded.organization().toString());
    fields.put("node", founded.node().toString());
    fields.put("config", folder.configFile().toString());
    fields.put("card", founded.card());
    session
        .output()
        .one(
            fields,
            () ->
                Table.fields(
                    "organization", founded.organization().toString(),
                    "node", founded.node().toString(),
                    "configuration", folder.configFile().toString(),
                    "card", founded.card()));
    tellNext(session, folder, passphrase.isPresent());
    return ExitCode.OK;
  }

  private static void tellNext(Session session, NodeFolder folder, boolean encrypted) {
    session.tell(
        encrypted
            ? "The keys in "
                + folder.keys()
                + " are encrypted. Nobody can restore a lost passphrase."
            : "The keys in " + folder.keys() + " are plain files: keep the folder to yourself.");
    session.tell(
        "Keep a second copy of " + folder.key("root") + " in a safe place, off this machine.");
    session.tell("Next:");
    session.tell("  " + session.command("run"));
    session.tell("  " + session.command("org card") + "    # what vetters and peers are given");
  }

  private static void refuseInitialized(NodeFolder folder) throws Failure {
    for (Path file : List.of(folder.configFile(), folder.profile(), folder.key("root"))) {
      if (Files.exists(file)) {
        throw Failure.usage("there is a node in " + folder.directory() + " already")
            .because(file + " is there, and nothing of it was touched")
            .tryThis("another folder with --dir");
      }
    }
  }

  private Founding.Answers answers(Session session) throws Failure {
    String legalName =
        organization.isEmpty()
            ? session.ask("Legal name of the organization", "", "--organization")
            : organization;
    String shownName =
        name.isEmpty() ? session.ask("Name of this node", hostName(session), "--name") : name;
    String at = listen.isEmpty() ? "0.0.0.0:7353" : listen;
    try {
      HostPort listening = HostPort.parseNumeric(at);
      Optional<HostPort> reached = reached(session, listening);
      return new Founding.Answers(
          legalName,
          shownName,
          network,
          listening,
          reached,
          HostPort.parseNumeric(dns),
          peers.stream().map(HostPort::parse).toList(),
          List.copyOf(contacts));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private Optional<HostPort> reached(Session session, HostPort listening) throws Failure {
    if (advertise.equals("none")) {
      return Optional.empty();
    }
    if (!advertise.isEmpty()) {
      return Optional.of(HostPort.parse(advertise));
    }
    if (!listening.isWildcard()) {
      return Optional.of(listening);
    }
    String answer =
        session.ask("Where other nodes reach this one, HOST:PORT", "none", "--advertise");
    return answer.equals("none") ? Optional.empty() : Optional.of(HostPort.parse(answer));
  }

  private static String hostName(Session session) {
    String host = session.world().environment().getOrDefault("HOSTNAME", "");
    return host.isEmpty() ? "node-1" : host;
  }

  private Optional<char[]> passphrase() throws Failure {
    try {
      return passphraseFile == null
          ? Optional.empty()
          : Optional.of(KeyFiles.passphrase(passphraseFile));
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
