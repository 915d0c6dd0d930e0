// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.DatabasePair;
import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.MariaDbOptions;
import dev.reprise.testsupport.MariaDbPair;
import dev.reprise.testsupport.Opened;
import dev.reprise.testsupport.PostgreSqlOptions;
import dev.reprise.testsupport.PostgreSqlPair;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jboss.dmr.ModelNode;

/**
 * Two servers, a primary and its replica, and data sources of the stage's WildFly that name both; closing it removes
 * them all.
 */
final class PairSources implements AutoCloseable {

    private static final String NAME = "pair";

    private final Opened opened = new Opened();
    private final Management management = opened.keep(new Management(Stage.wildFly()));
    private final Dialect dialect;
    private final DatabasePair pair;

    PairSources(Dialect dialect) throws SQLException {
        this.dialect = dialect;
        this.pair = opened.keep(
                dialect == Dialect.MARIADB
                        ? new MariaDbPair(MariaDbOptions.defaults())
                        : new PostgreSqlPair(PostgreSqlOptions.defaults()));
        Stage.prepare(pair.primary());
        DatabasePair.execute(pair.primary(), Ledgers.statements(dialect).toArray(String[]::new));
        pair.awaitCaughtUp();
        String archive = dialect == Dialect.MARIADB ? "reprise.rar" : "reprise-postgresql.rar";
        management.run("add", adapter(), Map.of("archive", archive, "transaction-support", "XATransaction"));
        opened.keep(() -> management.runRestarting("remove", adapter()));
    }

    DatabasePair pair() {
        return pair;
    }

    /** @return the JNDI name; not there before {@link #activate} */
    String add(String name, Map<String, String> configProperties) {
        ModelNode definition = adapter().add("connection-definitions", name);
        String jndiName = "java:/jdbc/" + name;
        DatabaseServer first = pair.primary();
        Map<String, String> attributes = new HashMap<>(Map.of(
                "class-name", "dev.reprise.connector.RepriseManagedConnectionFactory",
                "jndi-name", jndiName,
                "flush-strategy", "FailingConnectionOnly",
                "tracking", "false",
                "validate-on-match", "false",
                "no-recovery", "false",
                "recovery-username", first.user(),
                "recovery-password", "${reprise.password}"));
        management.run("add", definition, attributes);
        Map<String, String> all = new HashMap<>(configProperties);
        if (dialect == Dialect.POSTGRESQL) {
            all.put("xaDataSourceClass", "org.postgresql.xa.PGXADataSource");
        }
        all.put("url", first.jdbcUrl());
        all.put("failoverUrls", pair.replica().jdbcUrl());
        all.put("requiredRole", "primary");
        all.put("user", first.user());
        all.put("password", "${reprise.password}");
        all.forEach((property, value) ->
                management.run("add", definition.clone().add("config-properties", property), Map.of("value", value)));
        return jndiName;
    }

    void activate() {
        management.run("activate", adapter());
    }

    /** What an administrator is told who has a new connection tested; empty if all is well. */
    String failureOfTest(String name) {
        ModelNode definition = adapter().add("connection-definitions", name);
        management.run("flush-all-connection-in-pool", definition);
        return management.failureOf("test-connection-in-pool", definition);
    }

    private static ModelNode adapter() {
        return Management.address("subsystem", "resource-adapters", "resource-adapter", NAME);
    }

    @Override
    public void close() {
        opened.close();
    }
}
