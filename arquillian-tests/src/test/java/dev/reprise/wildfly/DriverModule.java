// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A JDBC driver as a module of WildFly, as administrators make it by {@code module add}. */
final class DriverModule {

    private DriverModule() {}

    /** @param root one of the folders of {@code JBOSS_MODULEPATH} */
    static void add(Path root, String name, Path jar) {
        try {
            Path folder =
                    Files.createDirectories(root.resolve(name.replace('.', '/')).resolve("main"));
            Files.copy(jar, folder.resolve("driver.jar"), StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(folder.resolve("module.xml"), """
                    <module xmlns="urn:jboss:module:1.9" name="%s">
                      <resources><resource-root path="driver.jar"/></resources>
                      <dependencies>
                        <module name="java.se"/><module name="jdk.unsupported"/><module name="jakarta.transaction.api"/>
                      </dependencies>
                    </module>
                    """.formatted(name));
        } catch (IOException e) {
            throw new UncheckedIOException("No module " + name + " in " + root, e);
        }
    }
}
