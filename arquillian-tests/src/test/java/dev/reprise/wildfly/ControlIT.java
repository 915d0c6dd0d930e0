// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import java.sql.Connection;
import java.sql.SQLException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The control: what happens without the adapter, with the same driver, server and fault. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class ControlIT {

    private static final String CHANGED =
            "WildFly's own xa-datasource no longer reports a lost commit as committed: the"
                    + " driver or WildFly has been fixed. README and demo say otherwise and have to be changed. What was told: ";

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(ControlIT.class, Told.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void xaDataSourceReportsSuccessForARowThatIsNotThere() throws Exception {
        Link.WILDFLY.faults().arm("ONE PHASE", FaultKind.CUT_BEFORE);
        Told told = Told.by(() -> required.call(() -> Rows.insert(Link.WILDFLY.dataSource(), 1)));
        assertThat(Link.WILDFLY.faults().hits()).as("The commit was cut").isOne();
        assertThat(told.outcome()).as(CHANGED + told).isEqualTo(Outcome.COMMITTED);
        assertThat(Rows.stored()).as(CHANGED + told).isZero();
    }

    /** With PostgreSQL it is another one: pgjdbc commits a transaction that the server has aborted, and says nothing. */
    @Test
    void xaDataSourceReportsSuccessForAnAbortedTransaction() throws Exception {
        Told told = Told.by(() -> required.call(() -> {
            try (Connection connection = Link.WILDFLY_POSTGRESQL.dataSource().getConnection()) {
                Rows.insert(connection, 1);
                assertThatThrownBy(() -> Rows.insert(connection, 1)).isInstanceOf(SQLException.class);
            }
        }));
        assertThat(told.outcome()).as(CHANGED + told).isEqualTo(Outcome.COMMITTED);
        assertThat(Rows.stored()).as(CHANGED + told).isZero();
    }

    /** The other data sources of the stage can be used at all. */
    @Test
    void allDataSourcesCommit() throws Exception {
        for (Link link : Link.values()) {
            Rows.clear();
            required.call(() -> Rows.insert(link.dataSource(), 1));
            assertThat(Rows.stored()).as(link.name()).isOne();
        }
    }

    @Test
    void peersCommitInTwoPhases() throws Exception {
        for (Link[] pair :
                new Link[][] {{Link.WILDFLY, Link.WILDFLY_POSTGRESQL}, {Link.AGROAL, Link.AGROAL_POSTGRESQL}}) {
            Rows.clear();
            required.call(() -> {
                Rows.insert(pair[0].dataSource(), 1);
                Rows.insert(pair[1].dataSource(), 2);
            });
            assertThat(Rows.stored()).isEqualTo(2);
            Rows.awaitNonePrepared();
        }
    }
}
