// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Byteman.Place;
import dev.reprise.wildfly.CrashPoint.InCode;
import dev.reprise.wildfly.CrashPoint.Kind;
import dev.reprise.wildfly.CrashPoint.OnTheLink;
import java.util.ArrayList;
import java.util.List;

/** The points of one transaction, in the order in which it passes them; to be used once. */
final class Timeline {

    private static final String ADAPTER = "dev.reprise.xa.BranchResource";
    private static final String MANAGER = "com.arjuna.ats.arjuna.coordinator.BasicAction";
    private static final String ENTRY = "AT ENTRY";
    private static final String EXIT = "AT EXIT";

    private final List<CrashPoint> points = new ArrayList<>();
    private final Kind kind;
    private final List<Link> links;
    private int prepared;
    private int rows;

    Timeline(Kind kind, List<Link> links) {
        this.kind = kind;
        this.links = links;
    }

    List<CrashPoint> twoPhase() {
        start(1);
        start(2);
        adapter("end", 1, ENTRY, EXIT);
        adapter("end", 2, ENTRY, EXIT);
        manager("prepare", ENTRY);
        prepare(1);
        prepare(2);
        manager("prepare", "AT INVOKE write_committed");
        rows = 2; // the decision is stored
        manager("prepare", "AFTER INVOKE write_committed", EXIT);
        manager("phase2Commit", ENTRY);
        commitPrepared(1);
        commitPrepared(2);
        manager("updateState", "AT INVOKE remove_committed", "AFTER INVOKE remove_committed");
        manager("phase2Commit", EXIT);
        return points;
    }

    List<CrashPoint> rolledBack() {
        adapter("end", 1, ENTRY, EXIT);
        adapter("end", 2, ENTRY, EXIT);
        rollback(1);
        rollback(2);
        return points;
    }

    List<CrashPoint> notPrepared() {
        prepared = 1;
        manager("phase2Abort", ENTRY);
        rollback(1);
        manager("phase2Abort", EXIT);
        return points;
    }

    List<CrashPoint> onePhaseCommit() {
        start(1);
        adapter("end", 1, ENTRY, EXIT);
        adapter("commit", 1, ENTRY);
        Dialect dialect = link(1).dialect();
        if (dialect == Dialect.MARIADB) { // the adapter prepares all the same, so that the outcome can be found out
            request(1, dialect.prepare(), () -> prepared = 1);
            request(1, dialect.commitPrepared(), this::committed);
        } else {
            request(1, dialect.decision(), this::committed);
        }
        adapter("commit", 1, EXIT);
        manager("onePhaseCommit", EXIT);
        return points;
    }

    private void committed() {
        prepared = 0;
        rows = 1;
    }

    private void start(int call) {
        adapter("start", call, ENTRY);
        if (link(call).dialect() == Dialect.MARIADB) { // PostgreSQL is told with the first statement
            request(call, "XA START", () -> {});
        }
        adapter("start", call, EXIT);
        request(call, "insert into row_of_test", () -> {});
    }

    private void prepare(int call) {
        adapter("prepare", call, ENTRY);
        request(call, link(call).dialect().prepare(), () -> prepared++);
        adapter("prepare", call, EXIT);
    }

    private void commitPrepared(int call) {
        adapter("commit", call, ENTRY);
        request(call, link(call).dialect().commitPrepared(), () -> prepared--);
        adapter("commit", call, EXIT);
    }

    private void rollback(int call) {
        adapter("rollback", call, ENTRY);
        request(call, "ROLLBACK", () -> prepared = 0);
        adapter("rollback", call, EXIT);
    }

    private Link link(int call) {
        return links.get(call - 1);
    }

    private void adapter(String method, int call, String... locations) {
        for (String location : locations) {
            add(new InCode(new Place(ADAPTER, method, location), call));
        }
    }

    private void manager(String method, String... locations) {
        for (String location : locations) {
            add(new InCode(new Place(MANAGER, method, location), 1));
        }
    }

    /** Before it is sent, and when it was answered. */
    private void request(int call, String text, Runnable effect) {
        add(before(link(call), text));
        effect.run();
        add(new OnTheLink(link(call), text, FaultKind.LOSE_REPLY_AND_STALL));
    }

    static OnTheLink before(Link link, String request) {
        return new OnTheLink(link, request, FaultKind.PAUSE_BEFORE);
    }

    private void add(CrashPoint.Trap trap) {
        points.add(new CrashPoint(kind, links, trap, prepared, rows));
    }
}
