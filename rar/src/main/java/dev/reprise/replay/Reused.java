// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A list whose elements are made once and filled again by the next transaction. Not thread-safe. */
final class Reused<T extends Reused.Element> {

    /** Can be filled again. */
    interface Element {

        /** Holds on to nothing of what it was filled with. */
        void clear();
    }

    private final int kept;
    private final Supplier<T> maker;
    private final List<T> all = new ArrayList<>();
    private int size;

    /** @param kept how many the next transaction finds; a rare long one shall not hold room for ever */
    Reused(int kept, Supplier<T> maker) {
        this.kept = kept;
        this.maker = maker;
    }

    int size() {
        return size;
    }

    T get(int index) {
        return all.get(index);
    }

    /** One more; it is empty. */
    T add() {
        if (size == all.size()) {
            all.add(maker.get());
        }
        return all.get(size++);
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            all.get(i).clear();
        }
        size = 0;
        if (all.size() > kept) {
            all.subList(kept, all.size()).clear();
        }
    }
}
