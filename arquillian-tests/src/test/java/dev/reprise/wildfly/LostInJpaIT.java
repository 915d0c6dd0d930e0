// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.wildfly.EntityBean.EntityWork;
import dev.reprise.wildfly.Told.Outcome;
import jakarta.ejb.EJB;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.Table;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The session is killed between two operations of JPA: as {@link LostInTransactionIT}, through Hibernate. */
@ExtendWith(ArquillianExtension.class)
@SuppressWarnings("NullAway.Init") // the container injects
class LostInJpaIT {

    /** A row of {@link Rows}. */
    @Entity(name = "Line")
    @Table(name = "row_of_test")
    public static class Line {

        @Id
        private int id;

        @SuppressWarnings("UnusedVariable") // JPA reads it
        private String source = "jpa";

        /** For JPA. */
        protected Line() {}

        Line(int id) {
            this.id = id;
        }

        void change() {
            source = "changed";
        }
    }

    private final AtomicInteger runs = new AtomicInteger();

    @EJB
    private EntityBean bean;

    @EJB
    private RetriedBean retried;

    @Deployment
    static WebArchive application() {
        return Application.persistent(Application.with(LostInJpaIT.class, Told.class, Sessions.class))
                .addClasses(EntityBean.class, EntityWork.class);
    }

    /** On another database in a subclass. */
    Link link() {
        return Link.REPRISE;
    }

    @BeforeEach
    void clear() throws Exception {
        Link.healAll();
        Rows.clear();
    }

    @Test
    void plainFindAfterTheLossIsNotTakenForNoRow() throws Exception {
        assertVisiblyRolledBack(this::storeThenFind);
    }

    @Test
    void retriedFindAfterTheLossStoresOnce() throws Exception {
        assertRetried(this::storeThenFind, 2);
    }

    @Test
    void plainFlushAfterTheLoss() throws Exception {
        assertVisiblyRolledBack(this::storeThenFlush);
    }

    @Test
    void retriedFlushAfterTheLossStoresOnce() throws Exception {
        assertRetried(this::storeThenFlush, 2);
    }

    /**
     * Jakarta Persistence has marked the transaction rollback-only, and the retry cannot tell this from the
     * application's own wish. Without it the container would roll back and return normally, as on any data source.
     */
    @Test
    void retriedFlushThatIsSwallowedIsVisiblyRolledBack() throws Exception {
        Told told = Told.by(() -> retried.call(() -> bean.call(link(), this::storeThenFlushAndSwallow)));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    @Test
    void plainFlushOfTheCommit() throws Exception {
        assertVisiblyRolledBack(this::storeForTheCommit);
    }

    @Test
    void retriedFlushOfTheCommitStoresOnce() throws Exception {
        assertRetried(this::storeForTheCommit, 2);
    }

    @Test
    void plainCommitWithoutAnotherStatement() throws Exception {
        assertVisiblyRolledBack(this::storeThenLose);
    }

    @Test
    void retriedCommitWithoutAnotherStatementStoresOnce() throws Exception {
        assertRetried(this::storeThenLose, 1);
    }

    private void storeThenLose(EntityManager entities) throws Exception {
        entities.persist(new Line(1));
        entities.flush();
        killAtFirst(entities);
    }

    /** Hibernate has logged and swallowed what find met, and has answered null (HHH000327). */
    private void storeThenFind(EntityManager entities) throws Exception {
        storeThenLose(entities);
        entities.clear();
        Line found = entities.find(Line.class, 1);
        if (found != null) {
            found.change();
        }
        entities.persist(new Line(2));
    }

    private void storeThenFlush(EntityManager entities) throws Exception {
        storeThenLose(entities);
        entities.persist(new Line(2));
        entities.flush();
    }

    private void storeThenFlushAndSwallow(EntityManager entities) throws Exception {
        try {
            storeThenFlush(entities);
        } catch (PersistenceException e) {
            assertThat(runs).hasValue(1); // and no more than that, as some applications do
        }
    }

    private void storeForTheCommit(EntityManager entities) throws Exception {
        storeThenLose(entities);
        entities.persist(new Line(2));
    }

    private void killAtFirst(EntityManager entities) throws Exception {
        Number session = (Number)
                entities.createNativeQuery(link().dialect().selectSessionId()).getSingleResult();
        if (runs.incrementAndGet() == 1) {
            Sessions.kill(link(), session.longValue());
        }
    }

    private void assertVisiblyRolledBack(EntityWork work) throws Exception {
        Told told = Told.by(() -> bean.call(link(), work));
        assertThat(told.outcome()).as(told.toString()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(told.sqlStates())
                .as(told.toString())
                .containsAnyOf(link().dialect().lost());
        assertThat(runs).hasValue(1);
        assertThat(Rows.stored()).isZero();
    }

    private void assertRetried(EntityWork work, int stored) throws Exception {
        retried.call(() -> bean.call(link(), work));
        assertThat(runs).hasValue(2);
        assertThat(Rows.stored()).isEqualTo(stored);
    }
}
