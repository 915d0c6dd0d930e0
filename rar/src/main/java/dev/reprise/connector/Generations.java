// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Session;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Tells the connections from before an incident from those after it. One lost connection makes its generation suspect;
 * one probe, by whoever matches next, decides: the same server answers and all goes on, or it does not and the
 * generation is discarded. Thread-safe, without locks.
 */
final class Generations {

    private enum Health {
        SOUND,
        SUSPECT,
        PROBED
    }

    private record Generation(
            int number,
            Health health,
            @Nullable Session server,
            @Nullable Long incidentAt) {

        Generation with(Health newHealth) {
            return new Generation(number, newHealth, server, incidentAt);
        }

        Generation on(Session newServer) {
            return new Generation(number, health, newServer, incidentAt);
        }

        Generation hurt() {
            return new Generation(number, health == Health.SOUND ? Health.SUSPECT : health, server, System.nanoTime());
        }

        Generation next() {
            return new Generation(number + 1, Health.SOUND, null, null);
        }

        boolean trusts(long answeredAt) {
            return health == Health.SOUND && (incidentAt == null || answeredAt - incidentAt > 0);
        }
    }

    private final IntConsumer discarded;
    private final AtomicReference<Generation> current =
            new AtomicReference<>(new Generation(1, Health.SOUND, null, null));

    /** @param discarded is told which generation has just been discarded, once */
    Generations(IntConsumer discarded) {
        this.discarded = discarded;
    }

    /** Stamped on a connection before it is opened: one that was opened across an incident counts as older. */
    int current() {
        return current.get().number;
    }

    boolean isDiscarded(int generation) {
        return generation < current();
    }

    /**
     * The first connection of a generation says which server it belongs to; its restart, or its change of role, ends it.
     * Reaching another server says nothing of the first one: there may be a load balancer between.
     *
     * @param admitted whether the connection is used; if not, it only says what has become of the first one's server
     */
    void opened(int generation, Session session, boolean admitted) {
        Generation now = change(generation, each -> admitted && each.server == null ? each.on(session) : each);
        if (now.number == generation
                && now.server != null
                && now.server.server().equals(session.server())
                && !now.server.sameServer(session)) {
            discard(generation, "a new connection found the server restarted, or in another role");
        }
    }

    void suspect(int generation) {
        change(generation, Generation::hurt);
    }

    /** Whether nothing has happened since this answer; times as of {@link System#nanoTime}. */
    boolean trusts(int generation, long answeredAt) {
        Generation now = current.get();
        return now.number == generation && now.trusts(answeredAt);
    }

    /** True for one caller only: it asks the server on behalf of all, and says {@link #sound} or {@link #discard}. */
    boolean electProbe(int generation) {
        Generation now = current.get();
        while (now.number == generation && now.health == Health.SUSPECT) {
            if (current.compareAndSet(now, now.with(Health.PROBED))) {
                return true;
            }
            now = current.get();
        }
        return false;
    }

    void sound(int generation) {
        change(generation, each -> each.with(Health.SOUND));
    }

    void discard(int generation, String why) {
        Generation before = current.getAndUpdate(each -> each.number == generation ? each.next() : each);
        if (before.number == generation) {
            LOG.generationDiscarded(generation, why);
            discarded.accept(generation);
        }
    }

    /** What others change at the same moment is not lost. */
    private Generation change(int generation, UnaryOperator<Generation> change) {
        return current.updateAndGet(each -> each.number == generation ? change.apply(each) : each);
    }
}
