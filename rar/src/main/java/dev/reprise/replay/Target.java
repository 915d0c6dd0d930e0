// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What an application works with: it stays, while the driver's object behind it is made anew by a replay. */
public interface Target {

    /** Null for the connection itself: whoever replays knows which one it is now. */
    @Nullable Object driverObject();

    void driverObject(Object fresh) throws SQLException;

    /** What the application has read of it; null if it is no result set, or nothing was read. */
    default @Nullable Reading reading() {
        return null;
    }

    /** Whether it was closed with its connection, which is no call of its own. */
    boolean isLeftBehind();
}
