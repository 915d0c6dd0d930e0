// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import org.jspecify.annotations.Nullable;

/** What came of one attempt. */
sealed interface Attempt<T extends @Nullable Object> {

    /** The work returned and its transaction, if it had one of its own, is committed. */
    record Returned<T extends @Nullable Object>(T value) implements Attempt<T> {}

    /** What the caller must learn; {@code again} only if it is certainly rolled back and worth another attempt. */
    record Failed<T extends @Nullable Object>(Throwable failure, boolean again) implements Attempt<T> {}
}
