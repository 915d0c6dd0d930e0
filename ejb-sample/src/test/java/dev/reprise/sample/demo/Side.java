// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import dev.reprise.sample.Half;
import dev.reprise.sample.client.Ledger;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.MariaDb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One half of the demo: a bank, its database on the common server, its link with faults, and its clients' ledger. */
record Side(Half half, MariaDb server, FaultProxy link, Ledger ledger) implements AutoCloseable {

    static Side create(Half half, MariaDb server) throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + half);
            statement.execute("grant all on " + half + ".* to '" + server.user() + "'@'%'");
        }
        return new Side(half, server, FaultProxy.of(server), new Ledger());
    }

    /** For the CLI script of this half; the server gets the password in its environment. */
    Map<String, String> properties() {
        return Map.of(
                half + ".url",
                "jdbc:mariadb://127.0.0.1:" + link.port() + "/" + half + "?sslMode=disable",
                half + ".user",
                server.user(),
                half + ".min-pool-size",
                "2",
                half + ".max-pool-size",
                "20");
    }

    /** The transfers that are stored, read past the link. Ids that no client could have chosen are negative. */
    Set<Integer> stored() throws SQLException {
        try (Connection connection = server.administrator();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id from " + half + ".transfer")) {
            var ids = new HashSet<Integer>();
            while (row.next()) {
                String id = row.getString(1);
                ids.add(id.matches("\\d{1,9}") ? Integer.parseInt(id) : -1 - ids.size());
            }
            return ids;
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
