// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Makes the tables, and ten accounts with 1000.00 each, where they are missing. Outside of any transaction. */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init") // the container injects
public class Schema {

    static final int ACCOUNTS = 10;
    private static final long OPENING_BALANCE = 1000_00;

    @Resource(lookup = "java:/jdbc/Reprise")
    private DataSource reprise;

    @PostConstruct
    void create() {
        create(reprise);
        OptionalDataSource.lookUp(BankOnWildFly.WILDFLY).ifPresent(Schema::create);
        OptionalDataSource.lookUp(BankOnSecond.SECOND).ifPresent(Schema::create);
    }

    private static void create(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists account (id int primary key, balance bigint not null)");
            statement.execute("create table if not exists transfer (id varchar(40) primary key,"
                    + " debit int not null, credit int not null, amount bigint not null)");
            for (int id = 1; id <= ACCOUNTS; id++) {
                if (!exists(statement, id)) {
                    statement.execute("insert into account (id, balance) select missing.id, " + OPENING_BALANCE
                            + " from (select " + id + " as id) missing"
                            + " where not exists (select 1 from account where account.id = missing.id)");
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The bank has no tables", e);
        }
    }

    /** Waits for no lock: the transactions of before the last crash may not be completed yet. */
    private static boolean exists(Statement statement, int id) throws SQLException {
        try (ResultSet row = statement.executeQuery("select 1 from account where id = " + id)) {
            return row.next();
        }
    }
}
