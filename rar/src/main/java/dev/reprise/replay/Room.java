// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import org.jspecify.annotations.Nullable;

/** Where there is more room than a digest has of its own. */
@FunctionalInterface
interface Room {

    /** For what was read and not hashed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Space(long[] numbers, char[] texts) {
        Space(int numbers, int characters) {
            this(new long[numbers], new char[characters]);
        }
    }

    /** @return larger, and whose it is until it is cleared; null if there is none now */
    @Nullable Space take();
}
