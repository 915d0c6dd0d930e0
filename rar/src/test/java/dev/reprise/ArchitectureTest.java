// SPDX-License-Identifier: Apache-2.0
package dev.reprise;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.reprise.fault.FaultTable;
import org.junit.jupiter.api.Test;

/** The arrows between the packages, and who may be seen from outside. */
class ArchitectureTest {

    /** What goes into the .rar, and no tests. */
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importUrl(FaultTable.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void packagesKnowEachOtherAsTheDesignSays() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("connector")
                .definedBy("dev.reprise.connector")
                .layer("jdbc")
                .definedBy("dev.reprise.jdbc")
                .layer("xa")
                .definedBy("dev.reprise.xa")
                .layer("database")
                .definedBy("dev.reprise.database")
                .layer("replay")
                .definedBy("dev.reprise.replay")
                .layer("fault")
                .definedBy("dev.reprise.fault")
                .whereLayer("connector")
                .mayOnlyAccessLayers("jdbc", "xa", "fault", "database", "replay")
                .whereLayer("jdbc")
                .mayOnlyAccessLayers("fault", "replay")
                .whereLayer("replay")
                .mayNotAccessAnyLayer()
                .whereLayer("xa")
                .mayOnlyAccessLayers("fault", "database")
                .whereLayer("database")
                .mayOnlyAccessLayers("fault")
                .whereLayer("fault")
                .mayNotAccessAnyLayer()
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.reprise.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void jdbcAndFaultKnowNothingOfJakarta() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.reprise.jdbc", "dev.reprise.fault")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "javax.transaction..", "org.jboss..")
                .check(CLASSES);
    }

    @Test
    void faultKnowsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("dev.reprise.fault")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.reprise.fault", "java..", "org.jspecify.annotations")
                .check(CLASSES);
    }

    @Test
    void onlyDatabaseMayKnowAVendorsClass() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.reprise.database")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.mariadb..", "org.postgresql..", "org.h2..")
                .check(CLASSES);
    }

    @Test
    void onlyTheClassForItsOwnExceptionKnowsIronJacamar() {
        noClasses()
                .that(not(simpleName("ForIronJacamar")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.jboss.jca..")
                .check(CLASSES);
    }

    /** Whoever makes a type public adds it here, and says why to the reader of the change. */
    @Test
    void onlyTheseTypesArePublic() {
        assertThat(CLASSES.stream()
                        .filter(ArchitectureTest::isOurs)
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> type.getEnclosingClass().isEmpty())
                        .map(type -> type.getName().substring("dev.reprise.".length()))
                        .toList())
                .containsExactlyInAnyOrder(
                        "connector.Configuration",
                        "connector.RepriseDataSource",
                        "connector.RepriseManagedConnectionFactory",
                        "connector.RepriseResourceAdapter",
                        "jdbc.ConnectionHandle",
                        "jdbc.HandleOwner",
                        "jdbc.JoinedTransactions",
                        "jdbc.LeftOpen",
                        "jdbc.SessionState",
                        "jdbc.StatementRules",
                        "xa.Branch",
                        "xa.BranchHost",
                        "xa.BranchResource",
                        "xa.LostSessions",
                        "database.Commit",
                        "database.CommitGuard",
                        "database.InTransaction",
                        "database.Ledger",
                        "database.Liveness",
                        "database.Outcome",
                        "database.Search",
                        "database.Slot",
                        "database.Xids",
                        "database.Connector",
                        "database.Database",
                        "database.OwnedSocketFactory",
                        "database.PhysicalConnection",
                        "database.Session",
                        "database.Unrepeatable",
                        "replay.Differs",
                        "replay.Digest",
                        "replay.Kind",
                        "replay.Part",
                        "replay.Reading",
                        "replay.Recording",
                        "replay.Recordings",
                        "replay.RowReader",
                        "replay.Step",
                        "replay.Target",
                        "fault.Fault",
                        "fault.FaultTable");
    }

    /** The logger is made by its annotation processor, which makes it public. */
    private static boolean isOurs(JavaClass type) {
        return !type.getName().endsWith("_$logger");
    }
}
