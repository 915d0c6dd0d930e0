// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import dev.reprise.testsupport.WildFly;
import dev.reprise.wildfly.Management;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** WildFly's other kind of xa-datasource, of its subsystem datasources-agroal. Its drivers are modules. */
final class AgroalConfiguration implements Configuration {

    private static final String SUBSYSTEM = "/subsystem=datasources-agroal";

    @Override
    public void before(WildFly server, Map<Resource, Link> links) {
        var commands =
                new ArrayList<>(List.of("/extension=org.wildfly.extension.datasources-agroal:add", SUBSYSTEM + ":add"));
        for (Database database : Database.values()) {
            commands.add((SUBSYSTEM + "/driver=%1$s:add(module=driver.%1$s,class=%2$s)")
                    .formatted(database.id(), database.driver()));
        }
        links.forEach((resource, link) -> commands.add(SUBSYSTEM
                + ("/xa-datasource=%s:add(jndi-name=%s,connection-factory={driver=%s,url=\"%s\",username=%s,"
                                + "password=\"${wildfly.password}\"},connection-pool={max-size=%d,min-size=0,background-validation=1000})")
                        .formatted(
                                resource.id(),
                                resource.jndiName(),
                                resource.database().id(),
                                link.url(),
                                link.server().user(),
                                POOL_SIZE)));
        server.cli(commands.toArray(String[]::new));
    }

    @Override
    public void after(WildFly server, Map<Resource, Link> links) {}

    /** It has no way to check a connection when it hands it out. */
    @Override
    public void refresh(WildFly server, Resource resource) {
        try (var management = new Management(server)) {
            management.run(
                    "flush-all", Management.address("subsystem", "datasources-agroal", "xa-datasource", resource.id()));
        }
    }
}
