// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.byteman.agent.Main;

/**
 * Rules that a WildFly gets as an agent when it is started: what is to happen in the middle of its code. A rule acts while
 * a file with its name is there, so a test switches it from outside.
 */
final class Byteman {

    /** Where a rule acts. */
    record Place(String type, String method, String location) {}

    private final Path folder;
    private final StringBuilder script = new StringBuilder();

    /** @param folder for the script and the switches */
    Byteman(Path folder) {
        this.folder = folder;
    }

    /** @param action in the language of Byteman, for instance {@code killJVM()} */
    void rule(String name, Place place, String action) {
        rule(name, place, name, "switch.exists()", action);
    }

    /** Only at this call of those that come while the rule is on, and not from recovery; counted from 1. */
    void ruleAtCall(int call, String name, Place place, String action) {
        rule(
                name,
                place,
                name,
                "switch.exists() AND NOT Thread.currentThread().getName().startsWith(\"Periodic Recovery\") AND incrementCounter(\""
                        + name + "\") == " + call,
                action);
    }

    /** Acts while the rule with this other name is off. */
    void ruleUnless(String other, String name, Place place, String action) {
        rule(name, place, other, "NOT switch.exists()", action);
    }

    private void rule(String name, Place place, String switchedBy, String condition, String action) {
        script.append("""
                RULE %s
                CLASS %s
                METHOD %s
                %s
                BIND switch = new java.io.File("%s")
                IF %s
                DO %s
                ENDRULE
                """.formatted(
                        name, place.type(), place.method(), place.location(), file(switchedBy), condition, action));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** The argument of the JVM. WildFly's start script already lets all of its modules see Byteman's classes. */
    String agent() {
        try {
            Path rules = Files.writeString(folder.resolve("rules.btm"), script);
            String jar = Application.jar(Main.class).getPath();
            return "-javaagent:" + jar + "=script:" + rules + ",boot:" + jar;
        } catch (IOException e) {
            throw new UncheckedIOException("No rules in " + folder, e);
        }
    }

    void on(String name) {
        try {
            Files.createFile(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be switched on", e);
        }
    }

    void off(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(name + " could not be switched off", e);
        }
    }
}
