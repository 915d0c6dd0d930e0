// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class LocalTransactionOnPostgreSqlIT extends LocalTransactionIT {

    @Override
    Link link() {
        return Link.POSTGRESQL_LOCAL;
    }

    /** The server knows what became of a transaction. */
    @Override
    boolean isGuarded() {
        return true;
    }
}
