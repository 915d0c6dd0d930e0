// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
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
}
