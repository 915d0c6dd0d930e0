// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultKind;
import jakarta.ejb.EJB;
import java.rmi.RemoteException;
import java.time.Duration;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Recovery signs on as the administrator has configured it for {@link Link#SECOND}, and may do what it has to. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class RecoveryIT {

    private static final Duration RECOVERED = Duration.ofSeconds(90);

    @EJB
    private RequiredBean required;

    @Deployment
    static WebArchive application() {
        return Application.with(RecoveryIT.class);
    }

    @BeforeEach
    void record() throws Exception {
        Link.healAll();
        Rows.clear();
        database("set global log_output = 'TABLE'");
        database("truncate table mysql.general_log");
        database("set global general_log = on");
    }

    @AfterEach
    void stopRecording() throws Exception {
        database("set global general_log = off");
        database("truncate table mysql.general_log");
        Link.healAll();
        Rows.awaitNonePrepared();
    }

    /** Whoever lists a branch may be the one that the transaction manager has finish it: the others list nothing here. */
    @Test
    void branchIsFinishedByTheUserOfTheRecovery() throws Exception {
        for (int i = 0; i < 100; i++) {
            Link.REPRISE.faults().arm("XA RECOVER", FaultKind.CUT_BEFORE);
            Link.WILDFLY.faults().arm("XA RECOVER", FaultKind.CUT_BEFORE);
        }
        Link.SECOND.faults().arm("XA COMMIT", FaultKind.CUT_BEFORE);
        required.call(() -> {
            Rows.insert(Link.REPRISE.dataSource(), 1);
            Rows.insert(Link.SECOND.dataSource(), 2);
        });
        await().atMost(RECOVERED).untilAsserted(() -> assertThat(Rows.stored()).isEqualTo(2));
        assertThat(logged("recoverer", "XA RECOVER%")).isPositive();
        assertThat(logged("recoverer", "%XA COMMIT%")).isOne();
    }

    /** How often this user has sent such a statement. */
    private static long logged(String user, String statement) throws RemoteException {
        return Link.REPRISE
                .faults()
                .query("select count(*) from mysql.general_log where user_host like '" + user
                        + "[%' and argument like '" + statement + "'");
    }

    private static void database(String statement) throws RemoteException {
        Link.REPRISE.faults().execute(statement);
    }
}
