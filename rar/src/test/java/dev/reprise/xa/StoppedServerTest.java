// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import dev.reprise.database.CommitGuard;
import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server is stopped (SIGSTOP): its system goes on accepting connections, and nothing is ever answered. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedServerTest {

    private static final Executor THREADS = task -> {
        var thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    };

    /** What a transaction is at when its server stops; done by the thread that has begun it. */
    private enum Call {
        START {
            @Override
            void begin(Pooled pooled) {
                // it is in the pool
            }

            @Override
            int end(Pooled pooled) {
                return Codes.codeOf(() -> pooled.start(xid()));
            }
        },
        PREPARE {
            @Override
            int end(Pooled pooled) {
                return Codes.codeOf(() -> pooled.xa().prepare(xid()));
            }
        },
        COMMIT {
            @Override
            int end(Pooled pooled) {
                return Codes.codeOf(() -> pooled.xa().commit(xid(), true));
            }
        },
        ROLLBACK {
            @Override
            int end(Pooled pooled) {
                return Codes.codeOf(() -> pooled.xa().rollback(xid()));
            }
        },
        LOCAL_COMMIT {
            @Override
            void begin(Pooled pooled) throws Exception {
                pooled.local().begin();
                pooled.insert(Bench.name());
            }

            @Override
            int end(Pooled pooled) {
                return local(() -> pooled.local().commit());
            }
        },
        LOCAL_ROLLBACK {
            @Override
            void begin(Pooled pooled) throws Exception {
                LOCAL_COMMIT.begin(pooled);
            }

            @Override
            int end(Pooled pooled) {
                return local(() -> pooled.local().rollback());
            }
        };

        void begin(Pooled pooled) throws Exception {
            pooled.work(xid(), Bench.name());
        }

        abstract int end(Pooled pooled);

        BranchId xid() {
            return BranchId.of(name());
        }

        private interface Local {
            void run() throws ResourceException;
        }

        private static int local(Local call) {
            try {
                call.run();
                return 0;
            } catch (ResourceException e) {
                return XAException.XA_HEURHAZ;
            }
        }

        /** One that has proved nothing must not say so. */
        int told(Server server) {
            return switch (this) {
                case START -> server == Server.MARIADB ? XAException.XAER_RMFAIL : 0; // goes with the first statement
                case PREPARE -> XAException.XAER_RMFAIL;
                case COMMIT, LOCAL_COMMIT -> XAException.XA_HEURHAZ;
                case ROLLBACK, LOCAL_ROLLBACK -> 0;
            };
        }
    }

    private record Told(Call call, int code, Duration took) {}

    private static CompletableFuture<Told> run(Call call, Pooled pooled, CountDownLatch begun, CountDownLatch stopped) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        call.begin(pooled);
                        begun.countDown();
                        stopped.await();
                        long began = System.nanoTime();
                        int code = call.end(pooled);
                        return new Told(call, code, Duration.ofNanos(System.nanoTime() - began));
                    } catch (Exception e) {
                        throw new IllegalStateException(call.name(), e);
                    }
                },
                THREADS);
    }

    /** The call waits for the control timeout, and what is tried to end its session for the connect timeout: one each. */
    @ParameterizedTest
    @EnumSource
    void noTransactionWaitsForASecondControlTimeout(Server server) throws Exception {
        var bench = new Bench(server);
        RepriseManagedConnectionFactory factory = bench.factory(4_000);
        factory.setConnectTimeoutMillis("1000");
        factory.setGuardTimeoutSeconds("1");
        factory.setCommitGuard(CommitGuard.NONE.text());
        var begun = new CountDownLatch(Call.values().length);
        var stopped = new CountDownLatch(1);
        try {
            List<CompletableFuture<Told>> all = new ArrayList<>();
            for (Call call : Call.values()) {
                all.add(run(call, bench.open(factory), begun, stopped));
            }
            assertThat(begun.await(Bench.SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            bench.database().suspend();
            stopped.countDown();
            for (CompletableFuture<Told> each : all) {
                Told told = each.get(30, TimeUnit.SECONDS);
                assertThat(told.took()).as(told.toString()).isLessThan(Duration.ofMillis(7_500));
                assertThat(told.code())
                        .as(told.toString())
                        .isEqualTo(told.call().told(server));
            }
        } finally {
            bench.database().resume();
            bench.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void allMatchesTogetherCostOneTimeout(Server server) throws Exception {
        var bench = new Bench(server);
        RepriseManagedConnectionFactory factory = bench.factory(15_000);
        factory.setPingAfterIdleMillis("0");
        factory.setValidationTimeoutMillis("2000");
        try {
            var pool = new ArrayList<Pooled>();
            for (int i = 0; i < 10; i++) {
                Pooled pooled = bench.open(factory);
                pooled.managed().cleanup();
                pool.add(pooled);
            }
            bench.database().suspend();
            assertTimeout(Duration.ofMillis(3_500), () -> {
                for (Pooled each : pool) {
                    assertThat(PairBench.matches(factory, each)).isFalse();
                }
            });
        } finally {
            bench.database().resume();
            bench.close();
        }
    }
}
