// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class RetryOnPostgreSqlIT extends RetryIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }

    @Override
    Link second() {
        return Link.POSTGRESQL_SECOND;
    }

    @Override
    Link peer() {
        return Link.WILDFLY_POSTGRESQL;
    }

    /** It does not. */
    @Override
    void whileItsTransactionGoesOn(Work work) {}
}
