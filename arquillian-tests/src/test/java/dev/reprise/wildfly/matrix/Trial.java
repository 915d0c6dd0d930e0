// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.FaultProxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One cell: its transaction, its fault, the recovery, and the judgement. */
final class Trial {

    private static final Duration TRANSACTION = Duration.ofSeconds(30);

    /** What a stalled statement may take at most. */
    private static final Duration SHORT_TRANSACTION = Duration.ofSeconds(2);

    /** Of the adapter, which looks for the outcome of a commit; nobody else does. */
    private static final Duration BOUND = Duration.ofSeconds(12);

    private static final Duration BOUND_OF_PEERS = Duration.ofSeconds(6);
    private static final Duration BOUND_WITH_RESTART = Duration.ofSeconds(25);
    private static final Duration END = Duration.ofMinutes(1);
    private static final int SCANS = 3;

    private final Venue venue;
    private final Caller caller;
    private final Administrator administrator;
    private final Cell cell;
    private final Resource one;
    private final String key;

    /** @param key that no other transaction writes */
    Trial(Venue venue, Cell cell, String key) {
        this.venue = venue;
        this.cell = cell;
        this.key = key;
        this.caller = venue.caller();
        this.administrator = venue.administrator(cell.database());
        this.one = Resource.of(cell);
    }

    Result run() throws Exception {
        venue.refresh(one);
        if (cell.mode().isTwoPhase()) {
            venue.refresh(Resource.other(cell.database()));
        }
        try {
            Result result = judged();
            if (!result.violations().isEmpty()) {
                clear();
            }
            return result;
        } catch (Exception e) { // of any kind: the next cell must not suffer from it
            clear();
            throw e;
        }
    }

    private void clear() throws SQLException {
        venue.heal();
        venue.resetAll();
        administrator.clear();
    }

    private Result judged() throws Exception {
        Injection.Made<Account> made = cell.call() == Call.RECOVER ? recover() : transaction();
        venue.heal();
        Account account = account(made.result());
        Evidence evidence = settle(account, made.met());
        return new Result(cell, key, account, evidence, Oracle.judge(account, bound(), evidence));
    }

    private Injection.Made<Account> transaction() throws SQLException, InterruptedException {
        boolean afterPrepare = cell.call() == Call.ROLLBACK && cell.mode() == Mode.TWO_PHASE_FIRST;
        if (afterPrepare) {
            otherProxy().onRequest(marker(Call.PREPARE)).cutBefore();
        }
        boolean rollback = cell.call() == Call.ROLLBACK && !afterPrepare;
        return injection().make(cell, marker(cell.call()), () -> call(rollback));
    }

    /** There is something to recover, and it cannot be finished but by the data source under test. */
    private Injection.Made<Account> recover() throws Exception {
        venue.proxy(one).onRequest(marker(Call.COMMIT_TWO_PHASE)).cutBefore();
        Account account = call(false).get(END.toSeconds(), TimeUnit.SECONDS);
        Injection.Made<Duration> made = injection().make(cell, marker(Call.RECOVER), caller::scan);
        return new Injection.Made<>(
                made.result().thenApply(took -> new Account(account.outcome(), took, account.text())), made.met());
    }

    private Injection injection() {
        return new Injection(venue.proxy(one), administrator, bound());
    }

    private FaultProxy otherProxy() {
        return venue.proxy(Resource.other(cell.database()));
    }

    private String marker(Call call) {
        return Requests.marker(new Cell(cell.database(), cell.mode(), call, cell.fault(), cell.subject()), key)
                .orElseThrow();
    }

    private CompletableFuture<Account> call(boolean rollback) {
        var resources = new ArrayList<>(List.of(one));
        if (cell.mode().isTwoPhase()) {
            resources.add(cell.mode() == Mode.TWO_PHASE_FIRST ? 1 : 0, Resource.other(cell.database()));
        }
        boolean stalls =
                cell.call() == Call.STATEMENT && (cell.fault() == Fault.STALLED || cell.fault() == Fault.REPLY_STALLED);
        return caller.run(resources, key, stalls ? SHORT_TRANSACTION : TRANSACTION, rollback);
    }

    Duration bound() {
        if (cell.fault().stopsServer()) {
            return BOUND_WITH_RESTART;
        }
        return cell.subject().isOurs() ? BOUND : BOUND_OF_PEERS;
    }

    /** A caller that still waits when all is well is freed by force. */
    private Account account(CompletableFuture<Account> result)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (!result.isDone()) {
            venue.resetAll();
        }
        return result.get(END.toSeconds(), TimeUnit.SECONDS);
    }

    private Evidence settle(Account account, boolean met) throws Exception {
        Evidence evidence = look(met, "");
        for (int i = 0; i < SCANS && !evidence.settled(account); i++) {
            caller.scan().get(END.toSeconds(), TimeUnit.SECONDS);
            evidence = look(met, "");
        }
        return look(met, caller.use(one).get(END.toSeconds(), TimeUnit.SECONDS));
    }

    private Evidence look(boolean met, String pool) throws SQLException {
        long rows = administrator.rows(Resource.TABLE, key);
        long otherRows = cell.mode().isTwoPhase() ? administrator.rows(Resource.OTHER_TABLE, key) : rows;
        return new Evidence(rows, otherRows, administrator.prepared(), administrator.open(), pool, met);
    }
}
