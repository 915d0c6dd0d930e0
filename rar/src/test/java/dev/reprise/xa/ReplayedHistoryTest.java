// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random transactions that lose their connection at a random call, while others change something or nothing, against a
 * model: what is committed is what the transaction would have done if it had begun after the others, and it is committed
 * exactly if it would have seen the same then. A transaction that fails the test is made as short as it can be.
 * {@code -Dreplay.seeds=} says how many, {@code -Dreplay.seed=} where they begin.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class ReplayedHistoryTest {

    private static final int SEEDS = Integer.getInteger("replay.seeds", 150);
    private static final long FIRST = Long.getLong("replay.seed", 1);
    private static final int ROWS = 5;

    @RegisterExtension
    final Bench bench;

    private int run;

    ReplayedHistoryTest(Server server) {
        bench = new Bench(server);
    }

    /** What a statement does to the rows, and what its caller sees of it. */
    private enum Kind {
        READ("select n from work where name = ?"),
        READ_ALL("select name, n from work where name like ? order by name"),
        ADD("update work set n = n + 3 where name = ?"),
        ADD_TO_SMALL("update work set n = n + 1 where name like ? and n < 5"),
        DELETE("delete from work where name = ?"),
        INSERT("insert into work (name, n) values (?, 7)"),
        BATCH("update work set n = n * 2 where name = ?");

        private static final List<Kind> ALL = List.copyOf(EnumSet.allOf(Kind.class));

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        private boolean isOfAll() {
            return this == READ_ALL || this == ADD_TO_SMALL;
        }
    }

    private record Call(Kind kind, int row) {

        static Call random(Random random) {
            return new Call(Kind.ALL.get(random.nextInt(Kind.ALL.size())), random.nextInt(ROWS));
        }

        /** As the database does it; what the caller sees. */
        Object on(Map<Integer, Integer> rows) {
            return switch (kind) {
                case READ -> rows.containsKey(row) ? "read " + rows.get(row) : "nothing";
                case READ_ALL -> rows.toString();
                case ADD -> rows.computeIfPresent(row, (key, n) -> n + 3) == null ? 0 : 1;
                case ADD_TO_SMALL -> {
                    long small = rows.values().stream().filter(n -> n < 5).count();
                    rows.replaceAll((key, n) -> n < 5 ? n + 1 : n);
                    yield (int) small;
                }
                case DELETE -> rows.remove(row) == null ? 0 : 1;
                case INSERT -> rows.putIfAbsent(row, 7) == null ? 1 : "refused";
                case BATCH -> {
                    boolean there = rows.computeIfPresent(row, (key, n) -> n * 2) != null;
                    rows.computeIfPresent(row, (key, n) -> n * 2);
                    yield there ? "[1, 1]" : "[0, 0]";
                }
            };
        }

        Object on(Connection connection, String prefix) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(kind.sql)) {
                statement.setString(1, prefix + (kind.isOfAll() ? "%" : row));
                return switch (kind) {
                    case READ -> {
                        try (ResultSet rows = statement.executeQuery()) {
                            yield rows.next() ? "read " + rows.getInt(1) : "nothing";
                        }
                    }
                    case READ_ALL -> {
                        var all = new TreeMap<Integer, Integer>();
                        try (ResultSet rows = statement.executeQuery()) {
                            while (rows.next()) {
                                all.put(
                                        Integer.valueOf(rows.getString(1).substring(prefix.length())),
                                        rows.getInt("n"));
                            }
                        }
                        yield all.toString();
                    }
                    case BATCH -> {
                        statement.addBatch();
                        statement.setString(1, prefix + row);
                        statement.addBatch();
                        int[] counts = statement.executeBatch();
                        yield counts[0] == counts[1] ? "[" + counts[0] + ", " + counts[1] + "]" : "odd";
                    }
                    case INSERT -> {
                        try {
                            yield statement.executeUpdate();
                        } catch (SQLException e) {
                            if (e.getErrorCode() == 1062) {
                                yield "refused";
                            }
                            throw e;
                        }
                    }
                    default -> statement.executeUpdate();
                };
            }
        }
    }

    /** @param lostAt before which call the connection is lost; others come just then */
    private record Case(Map<Integer, Integer> before, List<Call> calls, int lostAt, List<Call> others) {

        static Case random(Random random, boolean failuresAbort) {
            var before = new TreeMap<Integer, Integer>();
            for (int row = 0; row < ROWS; row++) {
                if (random.nextInt(3) > 0) {
                    before.put(row, random.nextInt(10));
                }
            }
            var calls = new ArrayList<Call>();
            int length = 1 + random.nextInt(8);
            while (calls.size() < length) {
                Call call = Call.random(random);
                if (!failuresAbort || call.kind != Kind.INSERT) {
                    calls.add(call);
                }
            }
            var others = new ArrayList<Call>();
            for (int i = random.nextInt(3); i > 0; i--) {
                others.add(Call.random(random));
            }
            return new Case(before, calls, random.nextInt(length), others);
        }

        /** With one call less. */
        Case without(int call) {
            var fewer = new ArrayList<>(calls);
            fewer.remove(call);
            return new Case(before, fewer, call < lostAt ? lostAt - 1 : Math.min(lostAt, fewer.size() - 1), others);
        }
    }

    @ParameterizedTest
    @EnumSource(ReplayTest.Mode.class)
    void itIsAsIfItHadBegunLater(ReplayTest.Mode mode) throws Exception {
        boolean failuresAbort = bench.server() == Server.POSTGRESQL;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            Case random = Case.random(new Random(seed), failuresAbort);
            String wrong = problem(random, mode);
            if (!wrong.isEmpty()) {
                assertThat(shortened(random, mode, wrong)).as("seed " + seed).isEmpty();
            }
        }
    }

    private String shortened(Case failing, ReplayTest.Mode mode, String wrong) throws Exception {
        for (int i = 0; i < failing.calls.size() && failing.calls.size() > 1; i++) {
            Case shorter = failing.without(i);
            String still = problem(shorter, mode);
            if (!still.isEmpty()) {
                return shortened(shorter, mode, still);
            }
        }
        return failing + ": " + wrong;
    }

    /** @return what differs from the model; empty if nothing does */
    private String problem(Case test, ReplayTest.Mode mode) throws Exception {
        String prefix = "h" + ++run + Bench.name();
        var first = new TreeMap<>(test.before);
        List<Object> seen = test.calls.subList(0, test.lostAt).stream()
                .map(call -> call.on(first))
                .toList();
        var others = new TreeMap<>(test.before);
        test.others.forEach(call -> call.on(others));
        var second = new TreeMap<>(others);
        List<Object> seenLater = test.calls.subList(0, test.lostAt).stream()
                .map(call -> call.on(second))
                .toList();
        boolean same = seen.equals(seenLater);
        List<Object> rest = test.calls.subList(test.lostAt, test.calls.size()).stream()
                .map(call -> call.on(second))
                .toList();

        for (var row : test.before.entrySet()) {
            bench.administer(
                    "insert into work (name, n) values ('" + prefix + row.getKey() + "', " + row.getValue() + ")");
        }
        RepriseManagedConnectionFactory factory = bench.factory(5_000);
        factory.setReplay("on");
        Pooled pooled = bench.open(factory);
        var xid = BranchId.of(prefix);
        boolean committed = false;
        String problem = "";
        ReplayTest.begin(pooled, xid, mode);
        try {
            for (int i = 0; i < test.calls.size(); i++) {
                if (i == test.lostAt) {
                    bench.proxy().resetAll();
                    for (Call call : test.others) {
                        try (Connection connection = bench.database().connect()) {
                            call.on(connection, prefix);
                        } catch (SQLException e) {
                            if (!"23505".equals(e.getSQLState())) {
                                throw new IllegalStateException(e);
                            }
                        }
                    }
                }
                Object given = test.calls.get(i).on(pooled.handle(), prefix);
                Object expected = i < test.lostAt ? seen.get(i) : rest.get(i - test.lostAt);
                if (!given.equals(expected)) {
                    problem = "call " + i + " gave " + given + ", not " + expected;
                }
            }
            ReplayTest.commit(pooled, xid, mode);
            committed = true;
        } catch (SQLException e) {
            if (!"40001".equals(e.getSQLState())) {
                throw e;
            }
            if (mode == ReplayTest.Mode.LOCAL) {
                pooled.local().rollback();
            } else {
                pooled.end(xid);
                pooled.xa().rollback(xid);
            }
        }
        pooled.managed().destroy();
        if (committed != same) {
            problem = "committed: " + committed + ", but the same was seen: " + same;
        }
        var stored = stored(prefix);
        return problem.isEmpty() && !stored.equals(same ? second : others)
                ? "stored is " + stored + ", not " + (same ? second : others)
                : problem;
    }

    private Map<Integer, Integer> stored(String prefix) throws SQLException {
        try (Connection connection = bench.database().connect();
                PreparedStatement query =
                        connection.prepareStatement("select name, n from work where name like ? order by name")) {
            query.setString(1, prefix + "%");
            var stored = new TreeMap<Integer, Integer>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    stored.put(Integer.valueOf(rows.getString(1).substring(prefix.length())), rows.getInt(2));
                }
            }
            return stored;
        }
    }
}
