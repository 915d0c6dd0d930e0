// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

/** One branch on MariaDB and one on PostgreSQL, which is the one that is slow to give up. */
class TwoPhaseOnBothDatabasesIT extends TwoPhaseIT {

    @Override
    Link second() {
        return Link.POSTGRESQL_SECOND;
    }
}
