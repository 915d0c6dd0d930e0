// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class CommitOutcomeOnPostgreSqlIT extends CommitOutcomeIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }

    @Override
    Link second() {
        return Link.POSTGRESQL_SECOND;
    }

    /** It asks for the status of the transaction. */
    @Override
    int secondSteps() {
        return 0;
    }
}
