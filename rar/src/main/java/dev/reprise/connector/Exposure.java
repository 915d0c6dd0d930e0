// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static dev.reprise.connector.Log.LOG;

import dev.reprise.database.Database;
import dev.reprise.database.PhysicalConnection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Says, once, when what is sent to the database can be read on its way. Thread-safe. */
final class Exposure {

    private final AtomicBoolean said = new AtomicBoolean();

    void check(PhysicalConnection opened) throws SQLException {
        if (!opened.session().plain() || said.get()) {
            return;
        }
        String url = opened.connection().getMetaData().getURL();
        if (Database.leavesThisMachine(url) && said.compareAndSet(false, true)) {
            LOG.notEncrypted(Database.endpoint(url));
        }
    }
}
