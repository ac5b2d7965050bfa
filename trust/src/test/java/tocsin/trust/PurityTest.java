package tocsin.trust;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Law 3 by construction: what this node believes hangs on nothing but what it was told.
class PurityTest {
  private static final JavaClasses TRUST =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("tocsin.trust");

  /// Their order of iteration is hashed, or salted anew in every run.
  private static final List<Class<?>> HASHED =
      List.of(
          HashMap.class,
          HashSet.class,
          IdentityHashMap.class,
          ConcurrentHashMap.class,
          Collectors.class);

  @Test
  void noClocksThreadsSocketsFilesOrChance() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent..",
            "java.util.random..",
            "java.sql..",
            "io.grpc..",
            "io.netty..",
            "org.rocksdb..",
            "org.slf4j..",
            "java.time..")
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are threads, timers, chance or the net",
                it ->
                    List.of(
                            "java.lang.Thread",
                            "java.lang.ThreadLocal",
                            "java.lang.Runtime",
                            "java.lang.ProcessBuilder",
                            "java.util.Timer",
                            "java.util.Random",
                            "java.util.Date")
                        .contains(it.getName())))
        .check(withoutKeyFileExceptions());
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of java.net but for address literals",
                it ->
                    it.getPackageName().startsWith("java.net")
                        && !it.isEquivalentTo(InetAddress.class)))
        .check(TRUST);
    noClasses()
        .should()
        .callMethodWhere(
            call("look up a name", InetAddress.class, "getByName", "getAllByName", "getLocalHost"))
        .orShould()
        .callMethodWhere(
            call("ask the time", System.class, "currentTimeMillis", "nanoTime", "getenv"))
        .orShould()
        .callMethodWhere(call("roll dice", Math.class, "random"))
        .check(TRUST);
  }

  /// ASN.1 in memory throws `IOException`; there is no other use of `java.io`.
  private static JavaClasses withoutKeyFileExceptions() {
    return TRUST.that(
        DescribedPredicate.describe("are not KeyFile", it -> !it.isEquivalentTo(KeyFile.class)));
  }

  @Test
  void nothingHashedOrSalted() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are hashed collections", it -> HASHED.stream().anyMatch(it::isEquivalentTo)))
        .orShould()
        .callMethodWhere(call("copy a set", Set.class, "of", "copyOf"))
        .orShould()
        .callMethodWhere(call("copy a map", Map.class, "of", "copyOf", "ofEntries"))
        .check(TRUST);
  }

  @Test
  void privateKeysComeOutForTheirFileOnly() {
    methods()
        .that()
        .areDeclaredIn(SigningKey.class)
        .and()
        .haveName("seed")
        .should()
        .bePackagePrivate()
        .check(TRUST);
  }

  @Test
  void theGraphStandsOnTheValuesAndNotTheOtherWay() {
    slices().matching("tocsin.trust.(*)..").should().beFreeOfCycles().check(TRUST);
    noClasses()
        .that()
        .resideInAPackage("tocsin.trust")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("tocsin.trust.graph..")
        .check(TRUST);
  }

  private static DescribedPredicate<JavaAccess<?>> call(
      String what, Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        what,
        access -> {
          JavaClass target = access.getTarget().getOwner();
          return target.isEquivalentTo(owner) && List.of(names).contains(access.getName());
        });
  }
}
