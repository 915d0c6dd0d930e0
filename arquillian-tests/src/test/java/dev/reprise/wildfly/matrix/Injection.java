// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import static org.awaitility.Awaitility.await;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.RequestFault;
import dev.reprise.testsupport.Trigger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes a fault while a call is on its way.
 *
 * @param bound after this time the caller is not waited for any longer before the fault is taken back
 */
record Injection(FaultProxy proxy, Administrator administrator, Duration bound) {

    private static final Duration INSIDE = Duration.ofSeconds(3);

    /** What the caller got, and whether the fault has happened. */
    record Made<T>(CompletableFuture<T> result, boolean met) {}

    /** Returns when the fault is over; the caller may still be waiting then. */
    <T> Made<T> make(Cell cell, String marker, Supplier<CompletableFuture<T>> call)
            throws SQLException, InterruptedException {
        RequestFault at = proxy.onRequest(marker);
        Trigger trigger = trigger(cell.fault(), at);
        CompletableFuture<T> result = call.get();
        await().atMost(bound).until(() -> trigger.hits() > 0 || result.isDone());
        boolean met = trigger.hits() > 0;
        if (met) {
            act(cell, trigger, result);
        }
        awaitEnd(result);
        proxy.disarmAll();
        return new Made<>(result, met);
    }

    private static Trigger trigger(Fault fault, RequestFault at) {
        return switch (fault) {
            case CUT_BEFORE -> at.cutBefore();
            case REPLY_LOST -> at.cutAfter();
            case RESET_IN_REPLY -> at.cutInReply();
            case REPLY_STALLED, SERVER_KILLED_AFTER -> at.loseReplyAndStall();
            case STALLED, SESSION_KILLED, SERVER_KILLED, READ_ONLY, CANCELLED, KILLED_INSIDE -> at.pauseBefore();
        };
    }

    private void act(Cell cell, Trigger trigger, CompletableFuture<?> result)
            throws SQLException, InterruptedException {
        switch (cell.fault()) {
            case CUT_BEFORE, REPLY_LOST, RESET_IN_REPLY, REPLY_STALLED -> {}
            case STALLED -> {
                awaitEnd(result);
                proxy.disarmAll();
            }
            case SESSION_KILLED -> {
                administrator.terminate(trigger.session());
                proxy.disarmAll();
            }
            case SERVER_KILLED, SERVER_KILLED_AFTER -> {
                administrator.server().kill();
                proxy.disarmAll();
                administrator.server().start();
                administrator.letOthersWork();
            }
            case READ_ONLY -> {
                administrator.readOnly(true);
                try {
                    proxy.disarmAll();
                    awaitEnd(result);
                } finally {
                    administrator.readOnly(false);
                }
            }
            case CANCELLED, KILLED_INSIDE -> inside(cell, trigger.session());
        }
    }

    private void inside(Cell cell, long session) throws SQLException {
        Administrator.Hold hold = administrator.hold(cell.call());
        try {
            proxy.disarmAll();
            await().atMost(INSIDE).until(() -> administrator.waits(session));
            if (cell.fault() == Fault.CANCELLED) {
                administrator.cancel(session);
            } else {
                administrator.terminate(session);
            }
        } finally {
            hold.close();
        }
    }

    private void awaitEnd(CompletableFuture<?> result) throws InterruptedException {
        try {
            result.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // whoever asks for the result is told
        }
    }
}
