// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static dev.reprise.database.SqlTokens.Dialect.MARIADB;
import static dev.reprise.database.SqlTokens.Dialect.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionSqlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                " \n COMMIT WORK",
                "/* why not */ commit",
                "-- one line\n commit",
                "/*!40000 commit */",
                "rollback",
                "rollback work",
                "begin",
                "begin work",
                "start transaction read only",
                "xa end 'a'",
                "xa commit 'a' one phase",
                "prepare transaction 'a'",
                "set autocommit = 1",
                "set @@autocommit=1",
                "set session autocommit := 0",
                "set @@session.autocommit=1",
                "set names utf8, autocommit=1",
                "insert into t values ('a;b'); commit",
                "select 1; select 2;\n\tcommit;",
                "insert into t values ('it''s'); rollback",
                "select 1 /* ; */ ; commit",
                "select \"a;\" , `b;` from t; commit",
                "select 5--1; commit",
                "begin not atomic select 1; commit; end",
                "set `autocommit` = 0",
                "set @a = 1, autocommit = 0"
            })
    void isSeen(String sql) {
        assertThat(TransactionSql.isIn(sql, true, MARIADB)).isTrue();
        assertThat(TransactionSql.isIn(sql, false, MARIADB)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                ";",
                "select 1",
                "insert into t values ('; commit')",
                "insert into t values ('a\\'; commit')",
                "select 1 -- ; commit",
                "select 1 /* ; commit */",
                "select `; commit` from t",
                "update commit set a = 1",
                "with a as (select 1) select * from a",
                "xa recover",
                "start slave",
                "prepare s from 'select 1'",
                "execute s",
                "begin not atomic select 1; end_of_it: select 2",
                "begin not atomic select 1; end",
                "set @autocommit = 1",
                "set @a = 'autocommit = 1'",
                "set @autocommitted = 1",
                "set autocommit_like_name = 1",
                "call p()",
                "explain select 1",
                "(select 1)"
            })
    void isNotSeenWhereItIsNot(String sql) {
        assertThat(TransactionSql.isIn(sql, false, MARIADB)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "savepoint a",
                "rollback to a",
                "rollback to savepoint a",
                "rollback work to a",
                "release savepoint a"
            })
    void savepointsAreAllowedWhereTheyAre(String sql) {
        assertThat(TransactionSql.isIn(sql, true, MARIADB)).isFalse();
        assertThat(TransactionSql.isIn(sql, false, MARIADB)).isTrue();
    }

    /** As PostgreSQL reads it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into t values ('\\'); commit",
                "select $$;$$; commit",
                "select $a$;$$;$a$; commit",
                "end",
                "abort",
                "/* /* */ */ commit",
                "select 1 --1; \n; commit",
                "insert into t values (E'\\\\'); commit"
            })
    void backslashesAndDollarsAreReadAsTheDatabaseReadsThem(String sql) {
        assertThat(TransactionSql.isIn(sql, false, POSTGRESQL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select $$; commit$$",
                "select $a$; commit $$;$a$",
                "select $1; select 1",
                "/* /* */ commit */ select 1",
                "insert into t values (E'\\'; commit')"
            })
    void whatIsInDollarsIsNoStatement(String sql) {
        assertThat(TransactionSql.isIn(sql, false, POSTGRESQL)).isFalse();
    }
}
