// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.retry.NoReplay;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
import dev.reprise.wildfly.EntityBean.EntityWork;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
    private static final List<FaultKind> LOSSES = List.of(FaultKind.CUT_BEFORE, FaultKind.CUT_AFTER);
    private static final Duration HIT = Duration.ofSeconds(10);

    private final AtomicInteger runs = new AtomicInteger();

    @Resource
    private ManagedExecutorService executor;

    @EJB
    private RequiredBean required;

    @EJB
    private EntityBean entities;

    @EJB
    private BatchingEntityBean batchingEntities;

    @Deployment
    static WebArchive application() {
        return Application.persistentAndBatching(
                        Application.with(ReplayIT.class, Told.class, Told.Outcome.class),
                        Link.REPLAYED,
                        Link.POSTGRESQL_REPLAYED)
                .addClasses(EntityBean.class, BatchingEntityBean.class, EntityWork.class, NumberedRow.class);
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
        for (Link link : LINKS) {
            link.faults().execute("delete from numbered_row");
        }
        runs.set(0);
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

    /** Nothing is cut: the database undoes one of them, and it is run again. */
    @Test
    void aDeadlock() throws Exception {
        for (Link link : LINKS) {
            link.faults().execute("delete from row_of_test");
            link.faults().execute("insert into row_of_test values (1, ''), (2, '')");
            var bothHold = new CountDownLatch(2);
            Future<?> there = executor.submit(() -> append(link, "a", 1, 2, bothHold));
            Future<?> back = executor.submit(() -> append(link, "b", 2, 1, bothHold));
            there.get(60, TimeUnit.SECONDS);
            back.get(60, TimeUnit.SECONDS);
            assertThat(link.faults().query("select count(*) from row_of_test where source in ('ab', 'ba')"))
                    .as("each once")
                    .isEqualTo(2);
        }
        assertThat(runs).hasValue(4);
    }

    private Void append(Link link, String letter, int first, int second, CountDownLatch bothHold) throws Exception {
        required.call(() -> {
            runs.incrementAndGet();
            try (Connection connection = link.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(append(letter, first));
                bothHold.countDown();
                assertThat(bothHold.await(60, TimeUnit.SECONDS)).isTrue();
                statement.executeUpdate(append(letter, second));
            }
        });
        return null;
    }

    private static String append(String letter, int id) {
        return "update row_of_test set source = concat(source, '" + letter + "') where id = " + id;
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

    @Test
    void hibernateInTheMiddleOfAFlush() throws Exception {
        assertNobodyNotices(entities, this::changeAndFlush);
    }

    @Test
    void hibernateInTheMiddleOfABatch() throws Exception {
        assertNobodyNotices(batchingEntities, this::changeAndFlush);
    }

    @Test
    void hibernateInTheMiddleOfTheFlushOfTheCommit() throws Exception {
        assertNobodyNotices(entities, manager -> {
            change(manager);
            for (Link link : LINKS) {
                assertThat(link.faults().hits()).isZero();
            }
        });
    }

    @Test
    void aKeyThatMariaDbHasToldIsTheSame() throws Exception {
        for (FaultKind loss : LOSSES) {
            prepare(Link.REPLAYED, loss, "second insert");
            var key = new AtomicLong();
            entities.call(Link.REPLAYED, manager -> key.set(changeNumbered(manager)));
            assertLostOnce(Link.REPLAYED);
            assertChanged(Link.REPLAYED);
            Faults faults = Link.REPLAYED.faults();
            assertThat(faults.query("select count(*) from numbered_row")).isOne();
            assertThat(faults.query("select id from numbered_row where source = 'changed'"))
                    .isEqualTo(key.get());
        }
    }

    @Test
    void aKeyThatPostgreSqlHasToldWouldBeAnother() throws Exception {
        for (FaultKind loss : LOSSES) {
            prepare(Link.POSTGRESQL_REPLAYED, loss, "second insert");
            Told told = Told.by(() -> entities.call(Link.POSTGRESQL_REPLAYED, this::changeNumbered));
            assertLostOnce(Link.POSTGRESQL_REPLAYED);
            assertThat(told.outcome()).as(told.toString()).isEqualTo(Told.Outcome.ROLLED_BACK);
            assertThat(told.sqlStates()).contains("40001");
            assertThat(told.toString()).contains("a query gave other values");
            assertThat(Link.POSTGRESQL_REPLAYED.faults().query("select count(*) from numbered_row"))
                    .isZero();
            assertThat(Rows.stored()).isEqualTo(2);
        }
    }

    /** Whichever of its statements is lost, before it arrives or when it has been answered. */
    private void assertNobodyNotices(EntityBean bean, EntityWork work) throws Exception {
        for (Link link : LINKS) {
            for (FaultKind loss : LOSSES) {
                for (String lost : List.of("second insert", "first update", "second update")) {
                    prepare(link, loss, lost);
                    bean.call(link, work);
                    assertLostOnce(link);
                    assertChanged(link);
                }
            }
        }
    }

    private void prepare(Link link, FaultKind loss, String lost) throws Exception {
        clear();
        Faults faults = link.faults();
        faults.execute("insert into row_of_test values (1, 'found'), (2, 'found')");
        faults.arm(lost, loss);
    }

    /** Hibernate inserts before it updates; its values are where a fault finds them. */
    private void change(EntityManager manager) {
        runs.incrementAndGet();
        StoredRow first = manager.find(StoredRow.class, 1);
        StoredRow second = manager.find(StoredRow.class, 2);
        manager.persist(new StoredRow(3, "first insert"));
        manager.persist(new StoredRow(4, "second insert"));
        first.change("first update");
        second.change("second update");
    }

    private void changeAndFlush(EntityManager manager) {
        change(manager);
        manager.flush();
    }

    private long changeNumbered(EntityManager manager) {
        var numbered = new NumberedRow("numbered");
        manager.persist(numbered);
        long told = numbered.id();
        numbered.change("changed");
        changeAndFlush(manager);
        return told;
    }

    private void assertLostOnce(Link link) throws Exception {
        link.faults().awaitHits(1, HIT);
        assertThat(runs).hasValue(1);
    }

    private static void assertChanged(Link link) throws Exception {
        assertThat(Rows.stored()).isEqualTo(4);
        assertThat(link.faults().query("""
                        select count(*) from row_of_test where (id, source) in
                        ((1, 'first update'), (2, 'second update'), (3, 'first insert'), (4, 'second insert'))""")).isEqualTo(4);
    }
}
