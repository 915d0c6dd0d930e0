// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import org.jspecify.annotations.Nullable;

/** What a digest may take to keep values in, so that it need not hash them. */
interface Room {

    /** None at all. */
    Room NONE = new Room() {
        @Override
        public long @Nullable [] take() {
            return null;
        }

        @Override
        public void grows(int bytes) {}
    };

    /** @return for many numbers, and whose it is until it is cleared; null if there is nothing now */
    long @Nullable [] take();

    /** So many bytes more are kept. */
    void grows(int bytes);
}
