// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.rmi.RemoteException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fifty pooled connections whose links swallow everything: for ever, as after a fail-over without a word, or until the
 * link is healed, to which new connections get no answer either. The time until one borrower and then fifty work again;
 * the same of WildFly's own xa-datasource is printed for comparison ({@code docs/incident-times.md}).
 */
@ExtendWith(ArquillianExtension.class)
class SilentLinksIT {

    private static final int POOLED = 50;

    /** One timeout of validation is 2 s; fifty are 100 s. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Deployment
    static WebArchive application() {
        return Application.with(SilentLinksIT.class, Pool.class, Sessions.class);
    }

    @AfterEach
    void heal() throws Exception {
        for (Link link : List.of(Link.REPRISE, Link.WILDFLY)) {
            link.faults().blackHole(false);
            link.faults().resetAll();
        }
        new Pool(Link.REPRISE).flush();
        threads.shutdownNow();
    }

    @Test
    void fiftySilentConnectionsCostOneTimeout() throws Exception {
        Set<Long> ours = fill(Link.REPRISE);
        Set<Long> theirs = fill(Link.WILDFLY);
        awaitIdle(ours);
        awaitIdle(theirs);
        Link.REPRISE.faults().silence();
        Link.WILDFLY.faults().silence();

        DataSource ourSource = Link.REPRISE.dataSource();
        DataSource theirSource = Link.WILDFLY.dataSource();
        Duration first = time(ourSource, 1);
        Duration all = time(ourSource, POOLED);
        Duration theirFirst = time(theirSource, 1);
        System.out.println(
                "SilentLinks: ours " + first.toMillis() + " ms, then " + POOLED + " at once " + all.toMillis()
                        + " ms; xa-datasource " + theirFirst.toMillis() + " ms (at most " + PATIENCE.toMillis() + ")");
        assertThat(first.plus(all)).isLessThan(BOUND);
    }

    @Test
    void fiftyBorrowersOfABlackHoleWorkWhenItIsHealed() throws Exception {
        awaitIdle(fill(Link.REPRISE));
        awaitIdle(fill(Link.WILDFLY));
        long began = System.nanoTime();
        Link.REPRISE.faults().blackHole(true);
        Link.WILDFLY.faults().blackHole(true);
        var ourRefused = new CountDownLatch(POOLED);
        var theirRefused = new CountDownLatch(POOLED);
        List<CompletableFuture<Long>> ours = persist(Link.REPRISE.dataSource(), ourRefused);
        List<CompletableFuture<Long>> theirs = persist(Link.WILDFLY.dataSource(), theirRefused);
        assertThat(ourRefused.await(BOUND.toSeconds(), TimeUnit.SECONDS))
                .as("each has been told within a few timeouts")
                .isTrue();
        long healed = System.nanoTime();
        long theirsTold = POOLED - theirRefused.getCount();
        Link.REPRISE.faults().blackHole(false);
        Link.WILDFLY.faults().blackHole(false);
        Duration our = last(ours, healed);
        Duration their = last(theirs, healed);
        System.out.println("BlackHole for " + TimeUnit.NANOSECONDS.toMillis(healed - began)
                + " ms: told meanwhile ours "
                + POOLED + ", xa-datasource " + theirsTold + "; all " + POOLED + " work after healing: ours "
                + our.toMillis() + " ms; xa-datasource " + their.toMillis() + " ms (at most " + PATIENCE.toMillis()
                + ")");
        assertThat(our).isLessThan(BOUND);
    }

    /** Each tries again whenever it fails, and says when it worked. */
    private List<CompletableFuture<Long>> persist(DataSource source, CountDownLatch refused) {
        var borrowers = new ArrayList<CompletableFuture<Long>>();
        for (int i = 0; i < POOLED; i++) {
            borrowers.add(CompletableFuture.supplyAsync(() -> persist(source, refused::countDown), threads));
        }
        return borrowers;
    }

    private static long persist(DataSource source, Runnable refused) {
        if (!works(source)) {
            refused.run();
            await().pollInSameThread()
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(BOUND.plus(PATIENCE))
                    .until(() -> works(source));
        }
        return System.nanoTime();
    }

    private static boolean works(DataSource source) {
        try {
            use(source);
            return true;
        } catch (IllegalStateException e) { // as the application would, it asks again
            return false;
        }
    }

    private static Duration last(List<CompletableFuture<Long>> borrowers, long since)
            throws InterruptedException, ExecutionException {
        try {
            CompletableFuture.allOf(borrowers.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toNanos() - (System.nanoTime() - since), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return PATIENCE;
        }
        long last = borrowers.stream()
                .map(CompletableFuture::join)
                .max(Long::compare)
                .orElse(since);
        return Duration.ofNanos(last - since);
    }

    private static Set<Long> fill(Link link) throws SQLException {
        var open = new ArrayList<Connection>();
        var sessions = new HashSet<Long>();
        for (int i = 0; i < POOLED; i++) {
            Connection connection = link.dataSource().getConnection();
            open.add(connection);
            sessions.add(Sessions.id(link, connection));
        }
        for (Connection connection : open) {
            connection.close();
        }
        return sessions;
    }

    /** For longer than a connection is matched unasked. */
    private static void awaitIdle(Set<Long> sessions) throws RemoteException {
        String ids = String.join(",", sessions.stream().map(String::valueOf).toList());
        await().atMost(PATIENCE)
                .until(() -> Link.REPRISE
                                .faults()
                                .query("select min(time) from information_schema.processlist where id in (" + ids + ")")
                        >= 6);
    }

    /** Until so many have each had an answer, or for as long as anybody would wait. */
    private Duration time(DataSource source, int borrowers) throws InterruptedException, ExecutionException {
        long began = System.nanoTime();
        var all = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < borrowers; i++) {
            all.add(CompletableFuture.runAsync(() -> use(source), threads));
        }
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return PATIENCE;
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void use(DataSource source) {
        try (Connection connection = source.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
