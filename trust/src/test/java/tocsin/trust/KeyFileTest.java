package tocsin.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyFileTest {
  private final SigningKey key = Cast.key("a key");
  private final char[] passphrase = "correct horse \u00fc".toCharArray();

  @Test
  void plainIsWhatOtherToolsWrite() {
    // RFC 8410 section 10.3
    ByteString text =
        ByteString.copyFromUtf8(
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """);
    SigningKey known =
        SigningKey.fromSeed(
            SignaturesTest.hex("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"));
    assertThat(KeyFile.plain(known)).isEqualTo(text);
    assertThat(KeyFile.open(text, Optional.empty())).isEqualTo(new KeyFile.Opened.Key(known));
  }

  @Test
  void encryptedOpensWithItsPassphraseOnly() {
    ByteString text = KeyFile.encrypted(key, passphrase, new SecureRandom());
    assertThat(KeyFile.isEncrypted(text)).isTrue();
    assertThat(KeyFile.open(text, Optional.of(passphrase))).isEqualTo(new KeyFile.Opened.Key(key));
    assertThat(KeyFile.open(text, Optional.empty())).isEqualTo(new KeyFile.Opened.Locked());
    assertThat(KeyFile.open(text, Optional.of("wrong".toCharArray())))
        .isEqualTo(new KeyFile.Opened.Failed("the passphrase is wrong, or the file is damaged"));
    assertThat(text.toStringUtf8())
        .doesNotContain(
            KeyFile.plain(key).toStringUtf8().lines().skip(1).findFirst().orElseThrow());
    assertThat(KeyFile.encrypted(key, passphrase, new SecureRandom())).isNotEqualTo(text);
  }

  @Test
  void whatIsNoKeyIsSaidSo() {
    for (String text :
        new String[] {
          "",
          "-----BEGIN PRIVATE KEY-----",
          "-----BEGIN PRIVATE KEY-----\n\n-----END PRIVATE KEY-----\n",
          "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
          "-----BEGIN PRIVATE KEY-----\n#\n-----END PRIVATE KEY-----\n",
          "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n"
        }) {
      assertThat(KeyFile.open(ByteString.copyFromUtf8(text), Optional.of(passphrase)))
          .as(text)
          .isInstanceOf(KeyFile.Opened.Failed.class);
    }
    assertThat(KeyFile.open(ByteString.copyFrom(new byte[20_000]), Optional.empty()))
        .isInstanceOf(KeyFile.Opened.Failed.class);
  }

  @Test
  void damageIsNoticed() {
    ByteString text = KeyFile.plain(key);
    for (int i = 0; i < text.size(); i++) {
      byte[] bytes = text.toByteArray();
      bytes[i] ^= 1;
      KeyFile.Opened opened = KeyFile.open(ByteString.copyFrom(bytes), Optional.empty());
      // A plain file has no checksum: another key may come out, never an exception.
      assertThat(opened).isNotEqualTo(new KeyFile.Opened.Locked());
    }
  }
}
