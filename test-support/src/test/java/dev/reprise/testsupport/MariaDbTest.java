// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Of whatever kind {@code reprise.database} asks for. */
class MariaDbTest extends DatabaseServerTests<MariaDb> {

    @Override
    MariaDb launch() {
        return MariaDb.start(MariaDbOptions.defaults());
    }

    @Override
    String prepare() throws SQLException {
        String xid = "X'61',X'00ff',7";
        execute("xa start " + xid, "insert into t values (1)", "xa end " + xid, "xa prepare " + xid);
        return xid;
    }

    @Override
    String finish(String xid) {
        return "xa commit " + xid;
    }

    @Test
    void isTheVersionThatWeSay() throws SQLException {
        assertThat(ask("select version()")).startsWith("11.4.").endsWith("-MariaDB");
    }

    @Test
    void saysWhatKindsAreAllowed() {
        String kind = System.getProperty("reprise.database", "embedded");
        System.setProperty("reprise.database", "remote");
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MariaDb.start(MariaDbOptions.defaults()).close())
                    .withMessage("reprise.database=remote: allowed are embedded and container");
        } finally {
            System.setProperty("reprise.database", kind);
        }
    }

    @Test
    void userHasNoGlobalRights() throws SQLException {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("select * from mysql.global_priv"))
                .withMessageContaining("denied");
        assertThat(ask("select count(*) from information_schema.user_privileges where privilege_type <> 'USAGE'"))
                .isEqualTo("0");
    }

    @Test
    void nobodyGetsInWithoutAName() throws SQLException {
        try (Connection connection = database.administrator()) {
            assertThat(ask(connection, "select count(*) from mysql.global_priv where user = ''"))
                    .isEqualTo("0");
        }
    }

    @Test
    void hasABinaryLogOnlyOnRequest() throws SQLException {
        assertThat(ask("select @@log_bin")).isEqualTo("0");
        try (MariaDb logging =
                        MariaDb.start(MariaDbOptions.defaults().withBinlog().with("--innodb-lock-wait-timeout=1"));
                Connection connection = logging.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select @@log_bin, @@innodb_lock_wait_timeout")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(1);
            assertThat(row.getInt(2)).isEqualTo(1);
        }
    }
}
