// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.WildFly;
import java.io.IOException;
import java.util.Map;

/** How an administrator configures the data sources of a product. */
interface Configuration {

    int POOL_SIZE = 3;

    /** The server has not been started yet. */
    void before(WildFly server, Map<Resource, Link> links) throws IOException;

    /** The server is running. */
    void after(WildFly server, Map<Resource, Link> links);

    /** Whatever a fault has left in the pool does not count against the next one. */
    default void refresh(WildFly server, Resource resource) {}
}
