package tocsin.node.dns;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/// Tells the operator, in one line now and then, who was refused a transfer, a NOTIFY or a signed
/// question, and why: mostly it is a resolver of the operator's own with a mistake in its
/// configuration. What anybody can send must not be able to fill a disk, so that a line stands for
/// all that came since the last one.
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private final LongSupplier nanos;
  private final AtomicLong nextLine;
  private final LongAdder untold = new LongAdder();

  /// @param nanos the monotonic clock
  Refusals(LongSupplier nanos) {
    this.nanos = nanos;
    this.nextLine = new AtomicLong(nanos.getAsLong());
  }

  /// Somebody asked for a transfer and may not.
  ///
  /// @param why as [TransferAcl#refusal] has it
  void transfer(InetAddress client, String why) {
    refused(client, "a transfer", why);
  }

  /// Somebody's signature is not good.
  ///
  /// @param error of RFC 8945 section 3
  void signature(InetAddress client, int error) {
    refused(
        client,
        "a signed question",
        switch (error) {
          case Rcode.BADKEY -> "BADKEY, it is signed with a key that is none of the TSIG keys here";
          case Rcode.BADSIG -> "BADSIG, its key has another secret there than here";
          case Rcode.BADTIME -> "BADTIME, its clock and ours differ by more than it allows";
          case Rcode.BADTRUNC -> "BADTRUNC, its signature is shortened";
          default -> "its signature is malformed";
        });
  }

  /// Somebody sent what only a secondary or a dynamic zone would take.
  void notice(InetAddress client, boolean notify) {
    refused(client, notify ? "a NOTIFY" : "an UPDATE", "nobody outside changes zones of this node");
  }

  private void refused(InetAddress client, String what, String why) {
    long now = nanos.getAsLong();
    long next = nextLine.get();
    long interval = TimeUnit.SECONDS.toNanos(Limits.REFUSAL_LINE_SECONDS);
    if (now - next < 0 || !nextLine.compareAndSet(next, now + interval)) {
      untold.increment();
      return;
    }
    long others = untold.sumThenReset();
    LOG.warn(
        "DNS: {} of {} was refused: {}{}",
        what,
        client.getHostAddress(),
        why,
        others == 0 ? "" : " (and " + others + " other requests since the last such line)");
  }
}
