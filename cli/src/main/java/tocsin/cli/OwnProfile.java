package tocsin.cli;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tocsin.node.config.NodeFolder;
import tocsin.trust.Envelope;
import tocsin.trust.EnvelopeVerdict;
import tocsin.trust.Envelopes;
import tocsin.trust.OrganizationId;
import tocsin.trust.Signatures;

/// The genesis profile that `init` left in the folder.
final class OwnProfile {
  private OwnProfile() {}

  static OrganizationId organization(NodeFolder folder) throws Failure {
    return genesis(folder).issuer();
  }

  static Envelope genesis(NodeFolder folder) throws Failure {
    Path file = folder.profile();
    try {
      ByteString wire = ByteString.copyFrom(Files.readAllBytes(file));
      return switch (new Envelopes(new Signatures()).verify(wire)) {
        case EnvelopeVerdict.Valid valid -> valid.envelope();
        case EnvelopeVerdict.Malformed it -> throw damaged(file, it.reason());
        case EnvelopeVerdict.BadSignature it -> throw damaged(file, it.reason());
      };
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.HALTED, "there is no " + file)
          .tryThis("tocsin init --dir " + Words.quoted(folder.directory().toString()))
          .causedBy(e);
    } catch (IOException e) {
      throw new Failure(ExitCode.HALTED, "cannot read " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  private static Failure damaged(Path file, String reason) {
    return new Failure(ExitCode.HALTED, file + " is not a profile: " + reason);
  }
}
