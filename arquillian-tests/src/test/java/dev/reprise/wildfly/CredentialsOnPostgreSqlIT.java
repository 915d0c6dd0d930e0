// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;

class CredentialsOnPostgreSqlIT extends CredentialsIT {

    @Override
    Link link() {
        return Link.POSTGRESQL_SECOND;
    }

    @Override
    List<String> make(String user) {
        return List.of("""
                do $$ begin
                    if not exists (select from pg_roles where rolname = '%1$s') then
                        create user %1$s password 'secret-of-%1$s';
                    end if;
                end $$""".formatted(user), "grant all on row_of_test to " + user);
    }

    @Override
    String changePassword(String user, String password) {
        return "alter user " + user + " password '" + password + "'";
    }

    @Override
    void assertRefusedPassword(SQLException e) {
        assertThat(e.getSQLState()).isEqualTo("28P01");
        assertThat(e.getMessage()).contains("password authentication failed for user \"anna\"");
    }
}
