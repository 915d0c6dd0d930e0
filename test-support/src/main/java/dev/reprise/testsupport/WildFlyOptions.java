// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a server is started.
 *
 * @param home an unpacked distribution; nothing in it is changed
 * @param nodeId of the transaction manager; recovery finishes only the branches of its own node
 * @param jvmArguments for instance {@code -Xmx1g}
 * @param properties system properties of the server; everybody on the machine can see them
 * @param environment added to that of this JVM; the place for passwords
 * @param bootErrorsAllowed whether a start with failed services counts as a start
 */
public record WildFlyOptions(
        Path home,
        String nodeId,
        List<String> jvmArguments,
        Map<String, String> properties,
        Map<String, String> environment,
        boolean bootErrorsAllowed) {

    public WildFlyOptions {
        jvmArguments = List.copyOf(jvmArguments);
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /** @throws IllegalStateException if {@link WildFly#home} does */
    public static WildFlyOptions defaults() {
        return new WildFlyOptions(WildFly.home(), "reprise", List.of(), Map.of(), Map.of(), false);
    }

    public WildFlyOptions withNodeId(String id) {
        return new WildFlyOptions(home, id, jvmArguments, properties, environment, bootErrorsAllowed);
    }

    public WildFlyOptions withJvmArgument(String argument) {
        var all = new ArrayList<>(jvmArguments);
        all.add(argument);
        return new WildFlyOptions(home, nodeId, all, properties, environment, bootErrorsAllowed);
    }

    public WildFlyOptions withProperty(String name, String value) {
        return new WildFlyOptions(
                home, nodeId, jvmArguments, plus(properties, name, value), environment, bootErrorsAllowed);
    }

    public WildFlyOptions withEnvironment(String name, String value) {
        return new WildFlyOptions(
                home, nodeId, jvmArguments, properties, plus(environment, name, value), bootErrorsAllowed);
    }

    /** Besides those of the distribution, the modules of this folder. */
    public WildFlyOptions withModules(Path folder) {
        return withEnvironment("JBOSS_MODULEPATH", home.resolve("modules") + ":" + folder.toAbsolutePath());
    }

    /** Recovery runs every few seconds, instead of every two minutes. */
    public WildFlyOptions withQuickRecovery() {
        String bean = "com.arjuna.ats.arjuna.recovery.";
        return withProperty(bean + "periodicRecoveryPeriod", "3").withProperty(bean + "recoveryBackoffPeriod", "1");
    }

    /** To test what a server says about a wrong configuration. */
    public WildFlyOptions allowingBootErrors() {
        return new WildFlyOptions(home, nodeId, jvmArguments, properties, environment, true);
    }

    private static Map<String, String> plus(Map<String, String> map, String name, String value) {
        var all = new LinkedHashMap<>(map);
        all.put(name, value);
        return all;
    }
}
