// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import dev.reprise.sample.soak.Schedule.Step;
import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.RequestFault;
import java.sql.SQLException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes the next fault of the schedule for each {@link #run}, and is back when it is over. For one thread. */
final class Storm implements Runnable {

    private final Schedule schedule;
    private final Stage stage;
    private final Consumer<Step> made;

    Storm(Schedule schedule, Stage stage, Consumer<Step> made) {
        this.schedule = schedule;
        this.stage = stage;
        this.made = made;
    }

    @Override
    public void run() {
        Step step = schedule.next();
        stage.sites().values().forEach(site -> site.link().disarmAll()); // at most one request for each fault
        try {
            make(step, stage.site(step.site()));
        } catch (SQLException e) {
            throw new IllegalStateException(step + " could not be made", e);
        }
        made.accept(step);
    }

    private void make(Step step, Site site) throws SQLException {
        FaultProxy link = site.link();
        RequestFault request = link.onRequest(step.request());
        switch (step.fault()) {
            case REQUEST_CUT -> request.cutBefore();
            case REPLY_LOST -> request.cutAfter();
            case REQUEST_STALLED -> request.stallBefore();
            case REPLY_STALLED -> request.loseReplyAndStall();
            case LINKS_CUT -> link.cutAll();
            case LINKS_RESET -> link.resetAll();
            case BLACK_HOLE -> {
                link.blackHole(true);
                pause(step);
                link.blackHole(false);
            }
            case SESSIONS_KILLED -> site.server().killConnections(site.server().user());
            case QUERIES_KILLED -> site.killQueries();
            case DATABASE_KILLED -> {
                site.server().kill();
                site.server().start();
            }
            case DATABASE_RESTARTED -> site.server().restart();
            case DATABASE_SUSPENDED -> {
                site.server().suspend();
                pause(step);
                site.server().resume();
            }
            case DATABASE_READ_ONLY -> {
                site.readOnly(true);
                pause(step);
                site.readOnly(false);
            }
            case WILDFLY_KILLED -> stage.restart(true);
            case WILDFLY_RESTARTED -> stage.restart(false);
        }
    }

    /** Nobody ends it. */
    private static void pause(Step step) {
        try {
            new CountDownLatch(1).await(step.half() * 500L, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No fault is to come, and none lasts. */
    void heal() {
        stage.sites().values().forEach(site -> site.link().disarmAll());
    }

    /** The faults that happened. Thread-safe. */
    static final class Diary implements Consumer<Step> {

        private final Map<Fault, Map<Dialect, Integer>> times = new EnumMap<>(Fault.class);
        private final List<String> lines = new ArrayList<>();

        @Override
        public synchronized void accept(Step step) {
            lines.add(LocalTime.now(ZoneId.systemDefault()) + " " + step);
            times.computeIfAbsent(step.fault(), none -> new EnumMap<>(Dialect.class))
                    .merge(step.site(), 1, Integer::sum);
        }

        /** When each was over, in the time that the server's log has. */
        synchronized List<String> lines() {
            return List.copyOf(lines);
        }

        /** How often. */
        synchronized int of(Fault fault, Dialect site) {
            return times.getOrDefault(fault, Map.of()).getOrDefault(site, 0);
        }
    }
}
