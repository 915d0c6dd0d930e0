// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each fault against a real server, with the rows that are stored as the judge. */
@Timeout(60)
class FaultProxyTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String INSERT = "insert into t values (1)";

    private static MariaDb database;

    private FaultProxy proxy;
    private Connection connection;

    @BeforeAll
    static void start() {
        database = MariaDb.start(MariaDbOptions.defaults());
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        administer("create or replace table t (id int primary key)");
        proxy = FaultProxy.of(database);
        connection = open();
    }

    @AfterEach
    void close() throws SQLException {
        proxy.close();
        connection.close();
        for (String xid : database.preparedXids()) {
            administer("xa rollback " + xid);
        }
    }

    /** A client that gives up after a second without an answer. */
    private Connection open() throws SQLException {
        String url = database.jdbcUrl(proxy.port()) + "&socketTimeout=1000&allowMultiQueries=true";
        return DriverManager.getConnection(url, database.user(), database.password());
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void administer(String sql) throws SQLException {
        try (Connection administrator = database.administrator();
                Statement statement = administrator.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int rows() throws SQLException {
        return number(database.connect(), "select count(*) from t");
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (connection;
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static int id(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select connection_id()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.getSQLState()).startsWith("08"));
    }

    /** All sessions but those of the one who looks have ended at the server. */
    private static void awaitNoSession() {
        Awaitility.await()
                .atMost(SOON)
                .until(() -> number(
                                database.administrator(),
                                "select count(*) from information_schema.processlist where user = 'app'")
                        == 0);
    }

    @Test
    void passesOnWhatIsNotConcerned() throws SQLException {
        Trigger trigger = proxy.onRequest("delete from t").cutBefore();
        execute(INSERT);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select seq, repeat('x', 1000) from seq_1_to_20000")) {
            int read = 0;
            while (row.next()) {
                read++;
                assertThat(row.getInt(1)).isEqualTo(read);
            }
            assertThat(read).isEqualTo(20_000);
        }
        assertThat(rows()).isEqualTo(1);
        assertThat(trigger.hits()).isZero();
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void cutBeforeMeansThatTheServerNeverRanIt() throws SQLException {
        Trigger trigger = proxy.onRequest("INTO T").cutBefore();
        assertLost(() -> execute(INSERT));
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(rows()).isZero();
    }

    @Test
    void cutAfterMeansThatTheServerRanIt() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").cutAfter();
        assertLost(() -> execute(INSERT));
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(1);
        awaitNoSession();
    }

    @Test
    void cutInReplyMeansThatTheServerRanIt() throws SQLException {
        int session = id(connection);
        Trigger trigger = proxy.onRequest("into t").cutInReply();
        assertLost(() -> execute(INSERT));
        trigger.awaitHit(SOON);
        assertThat(trigger.session()).isEqualTo(session);
        assertThat(rows()).isEqualTo(1);
        awaitNoSession();
    }

    @Test
    void cutAfterWaitsForASlowServer() throws SQLException {
        proxy.onRequest("into t").cutAfter();
        assertLost(() -> execute("insert into t select 1 + sleep(0.3)"));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void cutAfterWaitsForTheLastOfSeveralResults() throws SQLException {
        proxy.onRequest("into t").cutAfter();
        assertLost(() -> execute("insert into t values (1); select * from t; do sleep(0.2); insert into t values (2)"));
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void cutAfterWaitsForTheRowsOfAnInsertThatReturnsThem() throws SQLException {
        proxy.onRequest("into t").cutAfter();
        assertLost(() -> execute("insert into t select seq from seq_1_to_1000 returning id"));
        assertThat(rows()).isEqualTo(1_000);
    }

    @Test
    void countsResponsesWhenRequestsAreSentWithoutWaiting() throws SQLException {
        Trigger trigger = proxy.onRequest("(3)").cutAfter();
        assertLost(() -> {
            try (Statement statement = connection.createStatement()) {
                for (int i = 1; i <= 3; i++) {
                    statement.addBatch("insert into t values (" + i + ")");
                }
                statement.executeBatch();
            }
        });
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void cutAfterFindsItsReplyAfterLongResults() throws SQLException {
        for (int length : new int[] {250, 251, 252, 253, 254, 255, 256, 257, 511, 512, 513}) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select seq from seq_1_to_" + length)) {
                int read = 0;
                while (row.next()) {
                    read++;
                }
                assertThat(read).isEqualTo(length);
            }
        }
        Trigger trigger = proxy.onRequest("into t").cutAfter();
        assertLost(() -> execute(INSERT));
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void onePhaseCommitIsCutBefore() throws SQLException {
        execute("xa start 'x'");
        execute(INSERT);
        execute("xa end 'x'");
        proxy.onRequest("ONE PHASE").cutBefore();
        assertLost(() -> execute("xa commit 'x' one phase"));
        awaitNoSession();
        assertThat(rows()).isZero();
    }

    @Test
    void onePhaseCommitIsCutAfter() throws SQLException {
        execute("xa start 'x'");
        execute(INSERT);
        execute("xa end 'x'");
        proxy.onRequest("ONE PHASE").cutAfter();
        assertLost(() -> execute("xa commit 'x' one phase"));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void prepareIsCutBeforeAndAfter() throws SQLException {
        for (boolean after : new boolean[] {false, true}) {
            connection.close();
            connection = open();
            execute("xa start 'x'");
            execute(INSERT);
            execute("xa end 'x'");
            proxy.onRequest("xa prepare").arm(after ? FaultKind.CUT_AFTER : FaultKind.CUT_BEFORE);
            assertLost(() -> execute("xa prepare 'x'"));
            awaitNoSession();
            assertThat(database.preparedXids()).hasSize(after ? 1 : 0);
        }
    }

    @Test
    void binaryProtocolIsCutWhenPrepared() throws SQLException {
        String url = database.jdbcUrl(proxy.port()) + "&useServerPrepStmts=true";
        try (Connection binary = DriverManager.getConnection(url, database.user(), database.password())) {
            try (var statement = binary.prepareStatement("insert into t values (?)")) {
                statement.setInt(1, 1);
                statement.executeUpdate();
            }
            Trigger trigger = proxy.onRequest("set @x").cutAfter();
            assertLost(() -> {
                try (var statement = binary.prepareStatement("set @x = ?")) {
                    statement.setInt(1, 1);
                    statement.executeUpdate();
                }
            });
            trigger.awaitHit(SOON);
        }
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void stallBeforeKeepsTheServerFromItAndTheClientWaiting() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").stallBefore();
        assertTimesOut(() -> execute(INSERT));
        trigger.awaitHit(SOON);
        awaitNoSession();
        assertThat(rows()).isZero();
    }

    @Test
    void loseReplyAndStallMeansThatTheServerRanItAndTheClientWaits() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").loseReplyAndStall();
        var insert = CompletableFuture.supplyAsync(() -> {
            long start = System.nanoTime();
            assertTimesOut(() -> execute(INSERT));
            return Duration.ofNanos(System.nanoTime() - start);
        });
        trigger.awaitHit(SOON);
        assertThat(rows()).isEqualTo(1);
        assertThat(insert.join()).isGreaterThan(Duration.ofMillis(900));
    }

    private static void assertTimesOut(ThrowingCallable call) {
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(call)
                .withRootCauseInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void pauseHoldsARequestUntilItIsReleased() throws SQLException {
        Pause pause = proxy.onRequest("into t").pauseBefore();
        var insert = CompletableFuture.runAsync(() -> {
            try {
                execute(INSERT);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        pause.awaitReached(SOON);
        assertThat(rows()).isZero();
        assertThat(insert).isNotDone();
        pause.release();
        insert.orTimeout(10, TimeUnit.SECONDS).join();
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void sessionCanBeKilledWhileItsRequestIsHeld() throws Exception {
        Pause pause = proxy.onRequest("into t").pauseBefore();
        var insert = CompletableFuture.runAsync(() -> assertLost(() -> execute(INSERT)));
        pause.awaitReached(SOON);
        assertThat(database.killConnections(database.user())).isEqualTo(1);
        insert.get(10, TimeUnit.SECONDS);
        pause.release();
        assertThat(rows()).isZero();
    }

    @Test
    void happensOnceUnlessToldOtherwise() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").times(2).cutBefore();
        for (int i = 0; i < 2; i++) {
            assertLost(() -> execute(INSERT));
            connection = open();
        }
        execute(INSERT);
        assertThat(trigger.hits()).isEqualTo(2);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void happensInOneSessionOnly() throws SQLException {
        int wanted = id(connection);
        proxy.onRequest("into t").inSession(id -> id == wanted).times(5).cutBefore();
        try (Connection other = open();
                Statement statement = other.createStatement()) {
            statement.execute(INSERT);
        }
        assertLost(() -> execute("insert into t values (2)"));
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void disarmedFaultsDoNotHappen() throws SQLException {
        Trigger trigger = proxy.onRequest("into t").cutBefore();
        proxy.disarmAll();
        execute(INSERT);
        assertThat(trigger.hits()).isZero();
        assertThatIllegalStateException()
                .isThrownBy(() -> trigger.awaitHit(Duration.ofMillis(50)))
                .withMessageContaining("CUT_BEFORE at \"into t\" was not hit");
    }

    @Test
    void cutAllEndsTheStreamAndResetAllResetsIt() throws Exception {
        try (Socket ended = greeted()) {
            proxy.cutAll();
            assertThat(ended.getInputStream().readAllBytes()).isEmpty();
        }
        try (Socket reset = greeted()) {
            proxy.resetAll();
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> reset.getInputStream().readAllBytes())
                    .withMessageContaining("reset");
        }
        assertThat(connection.isValid(1)).isFalse();
        Awaitility.await().atMost(SOON).until(() -> proxy.connections() == 0);
        awaitNoSession();
    }

    @Test
    void aSessionPassesUntilItsClientIsToldOfItsEnd() throws Exception {
        long session = connection.unwrap(org.mariadb.jdbc.Connection.class).getThreadId();
        assertThat(proxy.passes(session)).isTrue();
        assertThat(proxy.passes(session + 1_000)).isFalse();
        administer("kill " + session);
        Awaitility.await().atMost(SOON).until(() -> !proxy.passes(session));
        assertThat(connection.isValid(1)).isFalse();
    }

    /** A client that looks at its socket right afterwards, without waiting, has to see it: so does a pool. */
    @Test
    void aResetHasHappenedWhenResetAllReturns() throws Exception {
        for (int i = 0; i < 300; i++) {
            try (var client =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()))) {
                client.read(ByteBuffer.allocate(1_000)); // the greeting
                client.configureBlocking(false);
                proxy.resetAll();
                assertThatIOException()
                        .as("round %s", i)
                        .isThrownBy(() -> client.read(ByteBuffer.allocate(1_000)))
                        .withMessageContaining("reset");
            }
        }
    }

    /** A client that has read the server's greeting and says nothing. */
    private Socket greeted() throws Exception {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        int length = socket.getInputStream().read();
        assertThat(socket.getInputStream().readNBytes(3 + length)).hasSize(3 + length);
        return socket;
    }

    @Test
    void refusesAndAcceptsAgainOnTheSamePort() throws SQLException {
        int port = proxy.port();
        proxy.refuse();
        proxy.refuse();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .withMessageContaining("refused");
        assertLost(this::open);
        execute(INSERT);
        proxy.accept();
        open().close();
        assertThat(proxy.port()).isEqualTo(port);
    }

    @Test
    void silencedLinksPassNothingAndNewOnesWork() throws SQLException {
        proxy.silence();
        assertTimesOut(() -> execute(INSERT));
        assertThat(rows()).isZero();
        open().close();
    }

    @Test
    void blackHoleHoldsEverythingAndDeliversItLater() throws SQLException {
        proxy.blackHole(true);
        assertTimesOut(() -> execute(INSERT));
        assertThat(rows()).isZero();
        proxy.blackHole(false);
        Awaitility.await().atMost(SOON).until(() -> rows() == 1);
    }

    @Test
    void latencyIsAddedToEachRequest() throws SQLException {
        proxy.latency(Duration.ofMillis(100));
        long start = System.nanoTime();
        execute("select 1");
        execute("select 1");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(200), Duration.ofMillis(900));
    }

    @Test
    void newConnectionsGoToAnotherServerWhenRetargeted() throws SQLException {
        try (MariaDb other = MariaDb.start(MariaDbOptions.defaults().with("--server-id=77"))) {
            proxy.retarget(other.port());
            assertThat(number(open(), "select @@server_id")).isEqualTo(77);
            assertThat(number(connection, "select @@server_id")).isEqualTo(1);
        }
    }

    @Test
    void clientIsResetWhenTheServerCannotBeReached() throws SQLException {
        proxy.retarget(Ports.free());
        assertLost(this::open);
        Awaitility.await().atMost(SOON).until(() -> proxy.connections() == 1);
        execute(INSERT);
    }

    @Test
    void halfOpenSessionKeepsItsLocksUntilItIsReset() throws Exception {
        proxy.leaveHalfOpen();
        connection.setAutoCommit(false);
        execute(INSERT);
        proxy.onRequest("select 2").stallBefore();
        assertTimesOut(() -> execute("select 2"));
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> administer("set statement innodb_lock_wait_timeout = 1 for " + INSERT));
        proxy.resetAll();
        Awaitility.await().atMost(SOON).untilAsserted(() -> administer(INSERT));
        assertThat(proxy.connections()).isZero();
    }

    @Test
    void closingEndsEverything() throws SQLException {
        proxy.close();
        assertThat(connection.isValid(1)).isFalse();
        assertLost(this::open);
        Awaitility.await().atMost(SOON).until(() -> proxy.connections() == 0);
    }
}
