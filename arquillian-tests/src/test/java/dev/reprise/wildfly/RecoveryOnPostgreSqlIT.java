// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
import jakarta.ejb.EJB;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Recovery finishes its own branches and leaves those of others alone, whatever they are called. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class RecoveryOnPostgreSqlIT {

    private static final Duration RECOVERED = Duration.ofSeconds(90);

    /** A name of its own, one that looks like a branch of another kind of transaction manager, and one almost like ours. */
    private static final List<String> FOREIGN = List.of("somebody else's", "1_Zm9yZWlnbg==_YnJhbmNo", "131077_?_?");

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(RecoveryOnPostgreSqlIT.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @AfterEach
    void rollBackWhatIsLeft() throws Exception {
        Faults faults = Link.POSTGRESQL.faults();
        for (String xid : faults.preparedXids()) {
            faults.rollBackPrepared(xid);
        }
    }

    @Test
    void foreignBranchesAreLeftAlone() throws Exception {
        for (int i = 0; i < FOREIGN.size(); i++) {
            prepare(FOREIGN.get(i), 10 + i);
        }
        commitThroughRecovery();
        commitThroughRecovery(); // so that there was a pass from its beginning to its end
        assertThat(Link.POSTGRESQL.faults().preparedXids()).containsExactlyInAnyOrderElementsOf(FOREIGN);
    }

    private static void prepare(String name, int id) throws RemoteException {
        Link.POSTGRESQL
                .faults()
                .execute("begin; insert into row_of_test values (" + id + ", 'foreign'); prepare transaction '"
                        + name.replace("'", "''") + "'");
    }

    private void commitThroughRecovery() throws Exception {
        Rows.clear();
        Link.POSTGRESQL_SECOND.faults().disarmAll();
        Link.POSTGRESQL_SECOND.faults().arm(Dialect.POSTGRESQL.commitPrepared(), FaultKind.CUT_BEFORE);
        required.call(() -> {
            Rows.insert(Link.POSTGRESQL.dataSource(), 1);
            Rows.insert(Link.POSTGRESQL_SECOND.dataSource(), 2);
        });
        assertThat(Link.POSTGRESQL_SECOND.faults().hits()).isOne();
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
    }
}
