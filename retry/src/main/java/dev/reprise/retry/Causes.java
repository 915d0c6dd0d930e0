// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A throwable and everything reachable from it, nearest first: causes, suppressed exceptions (a transaction manager
 * puts the failures of its resources there) and an SQLException's next ones. Cycles are harmless.
 *
 * @param complete false if there were more than fit
 */
record Causes(List<Throwable> all, boolean complete) {
    /** Far beyond what one batch update or one transaction leaves behind. */
    private static final int MOST = 10_000;

    static Causes of(Throwable root) {
        List<Throwable> found = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        add(root, found, seen);
        for (int i = 0; i < found.size(); i++) {
            if (found.size() > MOST) {
                return new Causes(found, false);
            }
            Throwable next = found.get(i);
            add(next.getCause(), found, seen);
            for (Throwable suppressed : next.getSuppressed()) {
                add(suppressed, found, seen);
            }
            if (next instanceof SQLException sql) {
                add(sql.getNextException(), found, seen);
            }
        }
        return new Causes(found, true);
    }

    /** Adds it to the exception that is going to be thrown, unless it is that one. */
    @SuppressWarnings("ReferenceEquality") // an exception is refused as its own suppressed one, by identity
    static void suppress(Throwable secondary, Throwable thrown) {
        if (secondary != thrown) {
            thrown.addSuppressed(secondary);
        }
    }

    <T extends Throwable> List<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    boolean contain(Class<? extends Throwable> type) {
        return all.stream().anyMatch(type::isInstance);
    }

    /** For types that a server may lack. */
    boolean contain(String className) {
        return all.stream().anyMatch(t -> isA(t.getClass(), className));
    }

    private static boolean isA(@Nullable Class<?> type, String className) {
        return type != null && (type.getName().equals(className) || isA(type.getSuperclass(), className));
    }

    private static void add(@Nullable Throwable next, List<Throwable> found, Set<Throwable> seen) {
        if (next != null && seen.add(next)) {
            found.add(next);
        }
    }
}
