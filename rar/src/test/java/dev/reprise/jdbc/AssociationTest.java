// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handle that is used in a transaction which its own connection is not part of, while another one is. */
class AssociationTest {

    /** The calling thread's transaction, and the connection that the container has for it. */
    private static final class OneTransaction implements JoinedTransactions {

        @Nullable Object current;

        @Nullable SQLException failure;

        final StubOwner host;
        final StubOwner own;

        OneTransaction(StubOwner own, StubOwner host) {
            this.own = own;
            this.host = host;
        }

        void begin(Object transaction) {
            current = transaction;
            own.misses = true;
            host.managed = true;
            host.transaction++;
        }

        /** The container takes the connection back, unless it has another handle. */
        void end() {
            current = null;
            own.misses = false;
            host.managed = false;
        }

        void takeBack() {
            host.guests.forEach(handle -> handle.invalidate(host));
            host.guests.clear();
        }

        @Override
        public @Nullable Object current() {
            return current;
        }

        @Override
        public ConnectionHandle connect() throws SQLException {
            if (failure != null) {
                throw failure;
            }
            return new ConnectionHandle(host.physical(), host, new NoTransactions());
        }
    }

    private H2 own;
    private H2 other;
    private OneTransaction transactions;
    private ConnectionHandle handle;

    @BeforeEach
    void open() throws SQLException {
        own = new H2();
        other = new H2();
        rename(own, "own");
        rename(other, "other");
        transactions = new OneTransaction(own.owner, other.owner);
        handle = new ConnectionHandle(own.physical, own.owner, transactions);
    }

    private static void rename(H2 database, String name) throws SQLException {
        try (Statement statement = database.physical.createStatement()) {
            statement.execute("create table which as select '" + name + "' as name");
        }
    }

    @AfterEach
    void close() throws SQLException {
        own.close();
        other.close();
    }

    private String works() throws SQLException {
        try (Statement statement = handle.createStatement();
                ResultSet row = statement.executeQuery("select name from which")) {
            row.next();
            return row.getString(1);
        }
    }

    private static void assertRefused(String state, ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.getSQLState()).isEqualTo(state));
    }

    @Test
    void worksOnTheConnectionOfTheTransactionUntilThatIsTakenBack() throws SQLException {
        assertThat(works()).isEqualTo("own");
        transactions.begin("first");
        assertThat(works()).isEqualTo("other");
        assertThat(handle.getAutoCommit()).isFalse();
        assertRefused("25000", handle::commit);
        assertThat(other.owner.guests).containsExactly(handle);
        assertThat(other.owner.closed).as("the container's handle is closed").isOne();

        transactions.end();
        transactions.takeBack();

        assertThat(works()).isEqualTo("own");
        assertThat(handle.getAutoCommit()).isTrue();
        assertThat(own.owner.closed).isZero();
    }

    @Test
    void goesHomeAfterTheTransactionThoughTheOtherConnectionIsStillInUse() throws SQLException {
        transactions.begin("first");
        assertThat(works()).isEqualTo("other");
        transactions.end();

        assertThat(works()).isEqualTo("own");

        assertThat(other.owner.guests).isEmpty();
    }

    @Test
    void joinsTheNextTransactionAsWell() throws SQLException {
        for (String transaction : new String[] {"first", "second", "third"}) {
            transactions.begin(transaction);
            assertThat(works()).isEqualTo("other");
            transactions.end();
        }
        transactions.takeBack();
        assertThat(works()).isEqualTo("own");
    }

    @Test
    void isNotUsedInAThirdTransactionMeanwhile() throws SQLException {
        transactions.begin("outer");
        assertThat(works()).isEqualTo("other");

        transactions.current = "inner";
        assertRefused("25000", this::works);
        transactions.current = null;
        assertRefused("25000", this::works);

        transactions.current = "outer";
        assertThat(works()).isEqualTo("other");
    }

    @Test
    void closesBoth() throws SQLException {
        transactions.begin("first");
        assertThat(works()).isEqualTo("other");

        handle.close();

        assertThat(own.owner.closed).isOne();
        assertThat(other.owner.guests).isEmpty();
        assertRefused("08003", this::works);
        assertThat(handle.isClosed()).isTrue();
    }

    @Test
    void isClosedForGoodWhenItsOwnConnectionIs() throws SQLException {
        transactions.begin("first");
        assertThat(works()).isEqualTo("other");

        handle.invalidate(own.owner);
        assertRefused("08003", this::works);

        transactions.end();
        transactions.takeBack();
        assertRefused("08003", this::works);
    }

    @Test
    void whatItHasMadeBeforeIsClosedAndOfNoMoreUse() throws SQLException {
        try (Connection connection = handle;
                Statement before = connection.createStatement()) {
            transactions.begin("first");
            Statement within = connection.createStatement();
            assertRefused("08003", () -> before.execute("select 1"));

            transactions.end();
            transactions.takeBack();

            assertRefused("08003", () -> within.execute("select 1"));
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void isRefusedWhereTheContainerHasNoConnectionInTheTransaction() throws SQLException {
        transactions.begin("first");
        other.owner.managed = false;
        own.owner.refusal = new SQLException("not part of it", "25000");

        assertRefused("25000", this::works);

        assertThat(other.owner.closed).isOne();
        assertThat(other.owner.guests).isEmpty();
    }

    @Test
    void saysWhyTheContainerHasNoConnection() {
        transactions.begin("first");
        transactions.failure = new SQLException("the transaction is marked for rollback", "HY000");
        assertRefused("25000", this::works);
        transactions.failure = new SQLException("no room", "08001");
        assertRefused("08001", this::works);
    }

    @Test
    void isRefusedWhereItsSessionWasChanged() throws SQLException {
        handle.setAutoCommit(false);
        transactions.begin("first");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::works)
                .withMessageContaining("has changed its session");

        assertThat(other.owner.guests).isEmpty();
    }
}
