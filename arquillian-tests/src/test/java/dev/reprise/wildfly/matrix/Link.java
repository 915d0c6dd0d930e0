// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.DatabaseServer;
import dev.reprise.testsupport.FaultProxy;

/** A data source's own way to its database. */
record Link(DatabaseServer server, FaultProxy proxy) {

    String url() {
        return server.jdbcUrl(proxy.port());
    }
}
