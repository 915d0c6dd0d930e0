// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgreSqlTest extends DatabaseServerTests<PostgreSql> {

    @Override
    PostgreSql launch() {
        return PostgreSql.start(PostgreSqlOptions.defaults());
    }

    @Override
    String prepare() throws SQLException {
        String xid = "7_it's";
        execute("begin", "insert into t values (1)", "prepare transaction '7_it''s'");
        return xid;
    }

    @Override
    String finish(String xid) {
        return "commit prepared '" + xid.replace("'", "''") + '\'';
    }

    @Test
    void isTheVersionThatWeSay() throws SQLException {
        assertThat(ask("show server_version")).startsWith("17.");
    }

    @Test
    void userHasNoRightsOnTheServer() throws SQLException {
        assertThat(ask("""
                select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls
                from pg_roles where rolname = current_user""")).isEqualTo("f");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> execute("select * from pg_authid"))
                .withMessageContaining("denied");
    }

    @Test
    void nobodyGetsInWithoutAPassword() {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.rootUser(), "guessed")
                        .close())
                .withMessageContaining("password authentication failed");
    }

    @Test
    void takesFurtherArguments() throws SQLException {
        assertThat(ask("show max_prepared_transactions")).isEqualTo("64");
        try (var other = PostgreSql.start(
                        PostgreSqlOptions.defaults().with("--max-prepared-transactions=0", "--work-mem=5MB"));
                Connection connection = other.connect()) {
            assertThat(ask(connection, "show max_prepared_transactions")).isEqualTo("0");
            assertThat(ask(connection, "show work_mem")).isEqualTo("5MB");
        }
    }

    @Test
    void serverThatDoesNotStartSaysWhy() {
        var wrong = PostgreSqlOptions.defaults().with("--no-such-option=1");
        assertThatIllegalStateException()
                .isThrownBy(() -> new EmbeddedPostgreSql(wrong).close())
                .withMessageContaining("unrecognized configuration parameter \"no_such_option\"");
    }

    @Test
    void refusesToBeStartedTwice() {
        assertThatIllegalStateException().isThrownBy(database::start).withMessageContaining("is running");
    }

    @Test
    void endsWithItsJvmAndLeavesNothing(@TempDir Path folder) {
        String[] printed =
                Jvm.run(folder.resolve("out"), StartsAndExits.class).lines().toArray(String[]::new);
        assertThat(printed).hasSize(2);
        assertThat(ProcessHandle.of(Long.parseLong(printed[0]))).isEmpty();
        assertThat(Path.of(printed[1])).doesNotExist();
    }

    /** Prints the server's process and folder, and ends without closing it. */
    static final class StartsAndExits {

        private StartsAndExits() {}

        public static void main(String... arguments) {
            var database = new EmbeddedPostgreSql(PostgreSqlOptions.defaults());
            System.out.println(database.pid());
            System.out.println(database.folder());
            if (!Files.isDirectory(database.folder())) {
                throw new IllegalStateException("No folder");
            }
            System.exit(0);
        }
    }
}
