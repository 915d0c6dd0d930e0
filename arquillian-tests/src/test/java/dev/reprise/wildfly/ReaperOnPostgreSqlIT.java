// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

class ReaperOnPostgreSqlIT extends ReaperIT {

    @Override
    Link link() {
        return Link.POSTGRESQL;
    }
}
