// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import dev.reprise.TestDatabase;
import dev.reprise.testsupport.DatabaseServer;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.xa.PGXADataSource;

/** A driver, as an {@code XADataSource} gives its connections, on a database that has a table with two rows. */
enum JdbcFixture {
    H2 {
        @Override
        XADataSource dataSource() {
            var dataSource = new JdbcDataSource();
            dataSource.setURL("jdbc:h2:mem:same_as;DB_CLOSE_DELAY=-1;CASE_INSENSITIVE_IDENTIFIERS=TRUE");
            return dataSource;
        }
    },
    MARIADB {
        @Override
        XADataSource dataSource() throws SQLException {
            DatabaseServer server = TestDatabase.mariaDb();
            var dataSource = new MariaDbDataSource(server.jdbcUrl());
            dataSource.setUser(server.user());
            dataSource.setPassword(server.password());
            return dataSource;
        }
    },
    POSTGRESQL {
        @Override
        XADataSource dataSource() {
            DatabaseServer server = TestDatabase.postgreSql();
            var dataSource = new PGXADataSource();
            dataSource.setUrl(server.jdbcUrl());
            dataSource.setUser(server.user());
            dataSource.setPassword(server.password());
            return dataSource;
        }
    };

    abstract XADataSource dataSource() throws SQLException;

    XAConnection open() throws SQLException {
        return dataSource().getXAConnection();
    }

    void create() throws SQLException {
        execute(
                "create table same_as (id int primary key, name varchar(20), amount decimal(10, 2), born date)",
                "insert into same_as values (1, '7', 7.50, '2024-02-29'), (2, null, null, null)");
    }

    void drop() throws SQLException {
        execute("drop table same_as");
    }

    private void execute(String... sql) throws SQLException {
        XAConnection session = open();
        try (Statement statement = session.getConnection().createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        } finally {
            session.close();
        }
    }
}
