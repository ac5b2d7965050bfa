package tocsin.node.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Law 6 by construction: the core has no clock, socket, thread or chance of its own, and the edges
/// do not see each other.
class CorePurityTest {
  private static final JavaClasses NODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("tocsin.node");

  private static final String CORE = "tocsin.node.core..";

  /// Their order of iteration is hashed, or salted anew in every run.
  private static final List<Class<?>> HASHED =
      List.of(
          HashMap.class,
          HashSet.class,
          IdentityHashMap.class,
          WeakHashMap.class,
          ConcurrentHashMap.class,
          Collectors.class);

  /// The packages that each stand for one outside thing.
  private static final List<String> EDGES =
      List.of("dns", "resolver", "transport", "config", "control");

  @Test
  void theCoreHasNoClocksThreadsSocketsFilesOrChance() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.nio.channels..",
            "java.util.concurrent..",
            "java.util.random..",
            "java.security..",
            "java.sql..",
            "java.time..",
            "io.grpc..",
            "io.netty..",
            "org.rocksdb..",
            "org.xbill..",
            "org.slf4j..")
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are threads, timers, processes or chance",
                it ->
                    List.of(
                            "java.lang.Thread",
                            "java.lang.ThreadLocal",
                            "java.lang.Runtime",
                            "java.lang.ProcessBuilder",
                            "java.util.Timer",
                            "java.util.Random",
                            "java.util.SplittableRandom",
                            "java.util.UUID",
                            "java.util.Date")
                        .contains(it.getName())))
        .check(NODE);
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .callMethodWhere(
            call(
                "ask the machine",
                System.class,
                "currentTimeMillis",
                "nanoTime",
                "getenv",
                "getProperty",
                "identityHashCode"))
        .orShould()
        .callMethodWhere(call("roll dice", Math.class, "random"))
        .check(NODE);
  }

  @Test
  void theCoreUsesNothingHashedOrSalted() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are hashed collections", it -> HASHED.stream().anyMatch(it::isEquivalentTo)))
        .orShould()
        .callMethodWhere(call("copy a set", Set.class, "of", "copyOf"))
        .orShould()
        .callMethodWhere(call("copy a map", Map.class, "of", "copyOf", "ofEntries"))
        .check(NODE);
  }

  @Test
  void theCoreSeesTrustAndTheStoragePortOnly() {
    noClasses()
        .that()
        .resideInAPackage(CORE)
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are ours, and neither core nor trust nor the log's port",
                it ->
                    it.getPackageName().startsWith("tocsin.")
                        && !it.getPackageName().startsWith("tocsin.node.core")
                        && !it.getPackageName().startsWith("tocsin.trust")
                        && !(it.getPackageName().equals("tocsin.storage")
                            && PORT.contains(it.getSimpleName()))))
        .check(NODE);
  }

  private static final List<String> PORT =
      List.of(
          "StatementLog",
          "LogEntry",
          "LogId",
          "RefusedStatement",
          "LogCheck",
          // Values, and functions of them: what nodes sign of their logs, and its proofs.
          "LogHead",
          "SignedNote",
          "Signature",
          "Checkpoint",
          "Signed",
          "Proofs",
          "HistoryProof");

  @Test
  void theEdgesDoNotSeeEachOther() {
    for (String edge : EDGES) {
      List<String> forbidden = new ArrayList<>();
      for (String other : EDGES) {
        if (!other.equals(edge) && !mayUse(edge, other)) {
          forbidden.add("tocsin.node." + other + "..");
        }
      }
      if (!edge.equals("control")) {
        forbidden.add("tocsin.node.loop..");
      }
      forbidden.add("tocsin.node");
      forbidden.add("tocsin.node.lab..");
      noClasses()
          .that()
          .resideInAPackage("tocsin.node." + edge + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden.toArray(String[]::new))
          .check(NODE);
    }
  }

  /// Operators ask about resolvers and give addresses as the configuration does.
  private static boolean mayUse(String edge, String other) {
    return edge.equals("control") && (other.equals("resolver") || other.equals("config"));
  }

  @Test
  void onlyTheRootKnowsEverything() {
    noClasses()
        .that()
        .resideOutsideOfPackages("tocsin.node", "tocsin.node.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tocsin.node", "tocsin.node.lab..")
        .check(NODE);
    noClasses()
        .that()
        .resideInAPackage("tocsin.node.control..")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of the configuration, but for an address",
                it ->
                    it.getPackageName().equals("tocsin.node.config")
                        && !it.getSimpleName().equals("HostPort")))
        .check(NODE);
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
