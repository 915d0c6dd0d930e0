// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class IdleConnectionsOnPostgreSqlIT extends IdleConnectionsIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }

    /** 57P05. */
    @Override
    String shortIdleTimeout() {
        return "set session idle_session_timeout = '1s'";
    }
}
