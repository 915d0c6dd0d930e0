// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static dev.reprise.database.SqlTokens.Dialect.MARIADB;
import static dev.reprise.database.SqlTokens.Dialect.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatableSqlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from account where id = ?",
                "select 1;",
                "(select a from t) union (select b from u)",
                "select count(*), coalesce(sum(a), 0) from t where b in (?, ?) and (c = 1 or d = 2)",
                "with w as (select 1) select * from w",
                "select a from t for update skip locked",
                "insert into t (a, b) values (?, ?)",
                "insert into bank.account (a) values (now())",
                "insert into t values (1, 'get_lock(1)'), (2, null)",
                "insert into t (a) select b from u",
                "insert into t (a) values (?) on conflict (a) do update set b = excluded.b",
                "insert into t (a) values (?) on duplicate key update b = values(b)",
                "insert ignore into t (a) values (uuid())",
                "update t set a = a + ?, b = upper(c) where id = ?",
                "delete from t where id = ? returning a",
                "select cast(a as decimal(10, 2)), b from t /* get_lock('x') */",
                "insert into t (id) values (nextval('s'))",
                "values (1), (2)"
            })
    void whatOnlyTheTransactionSees(String sql) {
        assertThat(RepeatableSql.reasonAgainst(sql, MARIADB)).isEmpty();
        assertThat(RepeatableSql.reasonAgainst(sql, POSTGRESQL)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "call p()|a statement of another kind: call",
                "set @a = 1|a statement of another kind: set",
                "create temporary table t (a int)|a statement of another kind: create",
                "lock tables t write|a statement of another kind: lock",
                "load data infile 'x' into table t|a statement of another kind: load",
                "|a statement of another kind: ",
                "select get_lock('a', 1)|a function that is not known: get_lock",
                "select last_insert_id()|what only the session knows: last_insert_id",
                "select connection_id ()|what only the session knows: connection_id",
                "select pg_advisory_lock(1)|a function that is not known: pg_advisory_lock",
                "select setval('s', 1)|a function that is not known: setval",
                "select my_function(1)|a function that is not known: my_function",
                "select `my function`(1)|a function that is not known: `my function`",
                "select a.f(1)|a function that is not known: f",
                "insert into t (a) values (f(1))|a function that is not known: f",
                "select 1 into outfile '/tmp/x'|SELECT INTO",
                "select * into u from t|SELECT INTO",
                "select 1; select 2|several statements in one"
            })
    void whatReachesBeyondIt(String sql, String reason) {
        assertThat(RepeatableSql.reasonAgainst(sql == null ? "" : sql, MARIADB)
                        .map(Unrepeatable::reason)
                        .orElse("")
                        .strip())
                .isEqualTo(reason.strip());
    }

    /** An application makes its tables when it starts: its connections go on being replayed afterwards. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table t (id bigint not null auto_increment, a varchar(40) default 'b', primary key (id))",
                "CREATE TABLE IF NOT EXISTS app.t (a int)",
                "create unique index i on t (a, b)",
                "create sequence s start with 1 increment by 50",
                "alter table t add constraint f foreign key (a) references u (id)",
                "drop table if exists t cascade",
                "drop index i;",
                "truncate table t"
            })
    void whatChangesTheSchemaLeavesTheSession(String sql) {
        assertThat(RepeatableSql.reasonAgainst(sql, MARIADB)).hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo("a statement of another kind: " + sql.split(" ", 2)[0]);
            assertThat(why.lasting()).isFalse();
        });
        assertThat(RepeatableSql.reasonAgainst(sql, POSTGRESQL))
                .hasValueSatisfying(why -> assertThat(why.lasting()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create temporary table t (a int)",
                "create temp table t (a int)",
                "create table pg_temp.t (a int)",
                "create table \"pg_temp\".t (a int)",
                "create table t as select set_config('a', 'b', false)",
                "create table t select get_lock('a', 1)",
                "create function f() returns int return 1",
                "create view v as select 1",
                "alter table t add column a int default f()",
                "alter table t alter column a type int using f(a)",
                "alter session",
                "drop temporary table t",
                "drop table t; set search_path = u",
                "drop function f",
                "create",
                "set @a = 1"
            })
    void whatMayChangeTheSessionDoesSoForAllLaterTransactions(String sql) {
        assertThat(RepeatableSql.reasonAgainst(sql, MARIADB))
                .hasValueSatisfying(why -> assertThat(why.lasting()).isTrue());
        assertThat(RepeatableSql.reasonAgainst(sql, POSTGRESQL))
                .hasValueSatisfying(why -> assertThat(why.lasting()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"select @a := 1", "update t set a = @b"})
    void variablesOfTheSession(String sql) {
        assertThat(RepeatableSql.reasonAgainst(sql, MARIADB))
                .contains(new Unrepeatable("variables of the session", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace into t values (1)"})
    void whatOnlyMariaDbHas(String sql) {
        assertThat(RepeatableSql.reasonAgainst(sql, MARIADB)).isEmpty();
        assertThat(RepeatableSql.reasonAgainst(sql, POSTGRESQL)).isPresent();
    }

    @Test
    void variablesOfTheSystemAreOnlyRead() {
        assertThat(RepeatableSql.reasonAgainst("select @@last_insert_id", MARIADB))
                .contains(new Unrepeatable("variables of the session", false));
    }
}
