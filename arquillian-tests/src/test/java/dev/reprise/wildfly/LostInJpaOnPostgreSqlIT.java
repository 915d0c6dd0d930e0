// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class LostInJpaOnPostgreSqlIT extends LostInJpaIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }
}
