// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class LostInTransactionOnPostgreSqlIT extends LostInTransactionIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }
}
