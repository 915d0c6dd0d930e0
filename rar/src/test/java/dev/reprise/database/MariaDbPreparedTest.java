// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.TestDatabase;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MariaDbPreparedTest {

    private static final String OURS = "X'0aff00',X'07',131077";
    private static final String NO_QUALIFIER = "X'0b',X'',1";

    private PhysicalConnection connection;

    @BeforeEach
    void prepare() throws SQLException {
        TestDatabase.execute("create or replace table prepared (id int) engine=innodb");
        for (String xid : List.of(OURS, NO_QUALIFIER)) {
            PhysicalConnection preparing = Sessions.direct();
            Sessions.execute(preparing, "xa start " + xid);
            Sessions.execute(preparing, "insert into prepared values (1)");
            Sessions.execute(preparing, "xa end " + xid);
            Sessions.execute(preparing, "xa prepare " + xid);
            TestDatabase.kill(preparing.session().id());
        }
        connection = Sessions.direct();
    }

    @AfterEach
    void rollback() throws SQLException {
        for (String xid : TestDatabase.mariaDb().preparedXids()) {
            TestDatabase.execute("xa rollback " + xid);
        }
        Sessions.close(connection);
        TestDatabase.execute("drop table prepared");
    }

    private List<Xid> listed() throws SQLException, XAException {
        return connection.database().prepared(connection.connection(), connection.xaResource());
    }

    @Test
    void listsWhatIsPrepared() throws SQLException, XAException {
        assertThat(listed())
                .containsExactlyInAnyOrder(
                        new RecoveredXid(131077, new byte[] {0x0a, (byte) 0xff, 0, 7}, 3),
                        new RecoveredXid(1, new byte[] {0x0b}, 1));
    }

    /** Not the one without a qualifier: the driver writes {@code 0x}, which the server does not take. */
    @Test
    void whatWasListedCanBeDecided() throws SQLException, XAException {
        for (Xid xid : listed()) {
            if (xid.getBranchQualifier().length > 0) {
                connection.xaResource().rollback(xid);
            }
        }
        assertThat(listed())
                .singleElement()
                .satisfies(left -> assertThat(left.getBranchQualifier()).isEmpty());
    }

    /** MariaDB 11.4 refuses them; an older server, or one in between, may not. */
    @Test
    void leavesOutWhatCannotBeDecodedAndKeepsTheRest() throws SQLException {
        Connection rows = rows(
                new Object[] {4294967295L, 1, 1, new byte[] {1, 2}},
                new Object[] {1L, 2, 1, new byte[] {1, 2}},
                new Object[] {-1L, 1, 1, new byte[] {1, 2}});
        assertThat(new MariaDb().prepared(rows, connection.xaResource()))
                .containsExactly(new RecoveredXid(-1, new byte[] {1, 2}, 1));
    }

    /** A driver whose every statement gives these rows. */
    private static Connection rows(Object[]... rows) {
        var next = new AtomicInteger(-1);
        ResultSet results = stub(ResultSet.class, (proxy, method, arguments) -> {
            return switch (method.getName()) {
                case "next" -> next.incrementAndGet() < rows.length;
                case "getLong" -> ((Number) column(rows, next, arguments)).longValue();
                case "getInt" -> ((Number) column(rows, next, arguments)).intValue();
                case "close" -> null;
                default -> column(rows, next, arguments);
            };
        });
        Statement statement = stub(
                Statement.class, (proxy, method, arguments) -> method.getName().equals("close") ? null : results);
        return stub(Connection.class, (proxy, method, arguments) -> statement);
    }

    private static Object column(Object[][] rows, AtomicInteger row, Object[] arguments) {
        return rows[row.get()][(int) arguments[0] - 1];
    }

    private static <T> T stub(Class<T> type, InvocationHandler does) {
        return type.cast(
                Proxy.newProxyInstance(MariaDbPreparedTest.class.getClassLoader(), new Class<?>[] {type}, does));
    }
}
