package tocsin.node.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tocsin.trust.DnsName;

/// Any other resolver, or what stands in front of one: driven by commands of the operator's, run as
/// argument vectors and never through a shell.
///
/// In the words of a command `{name}` stands for a name, `{zone}` for a zone, `{file}` and
/// `{serial}` for the overlay; a word that is just `{addresses}` becomes one word for each address.
/// Names consist of letters, digits, `-`, `_` and dots.
public final class CommandResolver implements Resolver {
  private static final Pattern NUMBER = Pattern.compile("\\b[0-9]{1,10}\\b");

  /// What an operator can give.
  ///
  /// @param flush `{name}` and everything below it
  /// @param overlayFile where the overlay zone is written, as a master file
  /// @param overlay takes the overlay from `{file}`, which has `{serial}`
  /// @param serial writes the serial that is in force: the last number in its output counts
  /// @param nameServers `{addresses}` are to be asked for `{zone}`
  /// @param clearNameServers takes that back
  /// @param insecure `{zone}` is not validated
  /// @param secure takes that back
  public record Commands(
      List<String> flush,
      Optional<Path> overlayFile,
      List<String> overlay,
      List<String> serial,
      List<String> nameServers,
      List<String> clearNameServers,
      List<String> insecure,
      List<String> secure) {
    public Commands {
      flush = List.copyOf(flush);
      overlay = List.copyOf(overlay);
      serial = List.copyOf(serial);
      nameServers = List.copyOf(nameServers);
      clearNameServers = List.copyOf(clearNameServers);
      insecure = List.copyOf(insecure);
      secure = List.copyOf(secure);
    }
  }

  private final String name;
  private final Commands commands;
  private final Optional<OverlayFile> file;
  private final Probing probing;
  private final FlushQueue flushes = new FlushQueue(this::flushNow);
  private volatile @Nullable OverlayZone offered;

  /// The serial that the overlay command took last.
  private long taken = -1;

  /// @param name as the operator calls it
  /// @param address where it answers DNS questions
  public CommandResolver(String name, InetSocketAddress address, Commands commands) {
    this.name = name;
    this.commands = commands;
    this.file = commands.overlayFile().map(OverlayFile::new);
    this.probing = new Probing(name, address);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void offer(OverlayZone overlay) {
    offered = overlay;
  }

  @Override
  public synchronized OptionalLong heldSerial(DnsName rpzZone) throws ResolverException {
    OverlayZone overlay = offered;
    if (overlay != null && overlay.serial() != taken) {
      if (file.isPresent()) {
        try {
          file.get().write(overlay.masterFile());
        } catch (ResolverException e) {
          throw named(e);
        }
      }
      if (!commands.overlay().isEmpty()) {
        var _ =
            run(
                "overlay",
                commands.overlay(),
                List.of(
                    new Value("{file}", List.of(file.map(f -> f.path().toString()).orElse(""))),
                    new Value("{serial}", List.of(Long.toString(overlay.serial()))),
                    new Value("{zone}", List.of(rpzZone.toString()))));
      }
      taken = overlay.serial();
    }
    if (!commands.serial().isEmpty()) {
      return lastNumber(
          run(
              "serial",
              commands.serial(),
              List.of(new Value("{zone}", List.of(rpzZone.toString())))));
    }
    // Nothing tells us; whether its answers are right, probes will tell.
    return overlay == null ? OptionalLong.empty() : OptionalLong.of(overlay.serial());
  }

  private static OptionalLong lastNumber(String output) {
    OptionalLong last = OptionalLong.empty();
    Matcher numbers = NUMBER.matcher(output);
    while (numbers.find()) {
      long number = Long.parseLong(numbers.group());
      if (number <= 0xffff_ffffL) {
        last = OptionalLong.of(number);
      }
    }
    return last;
  }

  @Override
  public void flush(DnsName flushed) throws ResolverException {
    flushes.flush(flushed);
  }

  private void flushNow(DnsName flushed) throws ResolverException {
    var _ =
        run(
            "flush",
            commands.flush(),
            List.of(new Value("{name}", List.of(bare(flushed))), zone(flushed)));
  }

  @Override
  public void correctNameServers(DnsName zone, List<InetAddress> servers) throws ResolverException {
    var _ =
        run(
            "name-servers",
            commands.nameServers(),
            List.of(zone(zone), new Value("{addresses}", CorrectAddresses.of(servers))));
  }

  @Override
  public void clearNameServers(DnsName zone) throws ResolverException {
    var _ = run("clear-name-servers", commands.clearNameServers(), List.of(zone(zone)));
  }

  @Override
  public void setInsecure(DnsName zone) throws ResolverException {
    var _ = run("insecure", commands.insecure(), List.of(zone(zone)));
  }

  @Override
  public void clearInsecure(DnsName zone) throws ResolverException {
    var _ = run("secure", commands.secure(), List.of(zone(zone)));
  }

  @Override
  public Answer probe(Question question) throws ResolverException {
    return probing.probe(question);
  }

  /// What a placeholder stands for; several words only where it is a word of its own.
  private record Value(String placeholder, List<String> words) {}

  private static Value zone(DnsName zone) {
    return new Value("{zone}", List.of(bare(zone)));
  }

  private static String bare(DnsName name) {
    String text = name.toString();
    return name.isRoot() ? text : text.substring(0, text.length() - 1);
  }

  private String run(String key, List<String> command, List<Value> values)
      throws ResolverException {
    if (command.isEmpty()) {
      throw new ResolverException(
          "resolver "
              + name
              + " has no command for this: its [[resolver]] section needs "
              + key
              + " = [...]");
    }
    List<String> words = new ArrayList<>();
    for (String word : command) {
      words.addAll(filled(word, values));
    }
    Program.Output output;
    try {
      output =
          new Program(List.of(words.getFirst()))
              .run(words.subList(1, words.size()), ResolverLimits.CONTROL_COMMAND);
    } catch (ResolverException e) {
      throw named(e);
    }
    if (!output.isOk()) {
      throw new ResolverException(
          "resolver "
              + name
              + ": the command for "
              + key
              + " ended with "
              + output.exit()
              + ": "
              + output.lastLine());
    }
    return output.text();
  }

  private static List<String> filled(String word, List<Value> values) {
    for (Value value : values) {
      if (word.equals(value.placeholder())) {
        return value.words();
      }
    }
    String filled = word;
    for (Value value : values) {
      filled = filled.replace(value.placeholder(), String.join(",", value.words()));
    }
    return List.of(filled);
  }

  private ResolverException named(ResolverException e) {
    return new ResolverException("resolver " + name + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    // A process for each command: there is nothing to give back.
  }
}
