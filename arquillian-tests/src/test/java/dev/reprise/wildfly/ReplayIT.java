// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.retry.NoReplay;
import dev.reprise.wildfly.EntityBean.EntityWork;
import jakarta.ejb.EJB;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All links are cut in the middle of a business method, and neither it nor its caller notices; nothing retries it. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class ReplayIT {

    private static final List<Link> LINKS = List.of(Link.REPLAYED, Link.POSTGRESQL_REPLAYED);

    @EJB
    private RequiredBean required;

    @EJB
    private EntityBean entities;

    @Deployment
    static WebArchive application() {
        return Application.persistent(
                        Application.with(ReplayIT.class, Told.class, Told.Outcome.class),
                        Link.REPLAYED,
                        Link.POSTGRESQL_REPLAYED)
                .addClasses(EntityBean.class, EntityWork.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    private static void cut() throws Exception {
        for (Link link : LINKS) {
            link.faults().resetAll();
        }
    }

    @Test
    void onePhase() throws Exception {
        for (Link link : LINKS) {
            required.call(() -> {
                try (Connection connection = link.dataSource().getConnection()) {
                    Rows.insert(connection, 1);
                    cut();
                    Rows.insert(connection, 2);
                }
            });
        }
        assertThat(Rows.stored()).isEqualTo(4);
    }

    @Test
    void bothDatabasesInTwoPhases() throws Exception {
        required.call(() -> {
            try (Connection first = LINKS.get(0).dataSource().getConnection();
                    Connection second = LINKS.get(1).dataSource().getConnection()) {
                Rows.insert(first, 1);
                Rows.insert(second, 1);
                cut();
                Rows.insert(first, 2);
                Rows.insert(second, 2);
            }
        });
        assertThat(Rows.stored()).isEqualTo(4);
        assertThat(Rows.prepared()).isZero();
    }

    @Test
    void aHandleThatIsOpenedAgain() throws Exception {
        for (Link link : LINKS) {
            required.call(() -> {
                Rows.insert(link.dataSource(), 1);
                cut();
                Rows.insert(link.dataSource(), 2);
                try (Connection connection = link.dataSource().getConnection();
                        PreparedStatement query = connection.prepareStatement("select count(*) from row_of_test")) {
                    cut();
                    try (ResultSet count = query.executeQuery()) {
                        count.next();
                        assertThat(count.getInt(1)).isEqualTo(2);
                    }
                }
            });
        }
        assertThat(Rows.stored()).isEqualTo(4);
    }

    @Test
    void theApplicationForbidsIt() throws Exception {
        Told told = Told.by(() -> required.call(() -> {
            Rows.insert(LINKS.get(0).dataSource(), 1);
            NoReplay.because("a letter was sent");
            cut();
            Rows.insert(LINKS.get(0).dataSource(), 2);
        }));
        assertThat(told.outcome()).isEqualTo(Told.Outcome.ROLLED_BACK);
        assertThat(told.sqlStates()).contains("40001");
        assertThat(told.toString()).contains("the application forbids it: a letter was sent");
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void hibernateBetweenItsFlushes() throws Exception {
        for (Link link : LINKS) {
            entities.call(link, ReplayIT::work);
        }
        assertThat(Rows.stored()).isEqualTo(8);
    }

    private static void work(EntityManager manager) throws Exception {
        manager.persist(new StoredRow(1));
        manager.persist(new StoredRow(2));
        manager.flush();
        cut();
        manager.persist(new StoredRow(3));
        cut();
        manager.flush();
        manager.clear();
        cut();
        assertThat(manager.createQuery("select r from StoredRow r order by r.id", StoredRow.class)
                        .getResultList())
                .hasSize(3);
        manager.persist(new StoredRow(4));
        cut();
        manager.flush();
    }
}
