// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.XAConnection;
import org.h2.jdbcx.JdbcDataSource;

/** An H2 database in memory with one table of numbers. Not thread-safe. */
final class Database {
    private final JdbcDataSource source = new JdbcDataSource();
    private final List<XAConnection> opened = new ArrayList<>();

    Database(String name) {
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    }

    void create() throws SQLException {
        execute("CREATE TABLE t(id INT PRIMARY KEY)");
    }

    void drop() throws SQLException {
        for (XAConnection connection : opened) {
            connection.close();
        }
        execute("DROP ALL OBJECTS");
    }

    /** In the transaction of this thread. */
    void insert(int id) throws Exception {
        XAConnection connection = source.getXAConnection();
        opened.add(connection);
        Narayana.MANAGER.getTransaction().enlistResource(connection.getXAResource());
        Connection handle = connection.getConnection(); // H2 rolls back when it is closed, so it ends with its owner
        try (Statement statement = handle.createStatement()) {
            statement.executeUpdate("INSERT INTO t VALUES(" + id + ")");
        }
    }

    /** What is committed. */
    List<Integer> rows() throws SQLException {
        List<Integer> ids = new ArrayList<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
            while (rows.next()) {
                ids.add(rows.getInt(1));
            }
        }
        return ids;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
