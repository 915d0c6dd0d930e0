// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryTransaction;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
import java.io.File;
import java.net.URISyntaxException;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What Arquillian deploys: a test class, the beans, and the libraries of both. */
final class Application {

    private Application() {}

    static WebArchive with(Class<?>... tests) {
        return ShrinkWrap.create(WebArchive.class, tests[0].getSimpleName() + ".war")
                .addClasses(tests)
                .addClasses(Faults.class, FaultKind.class, Link.class, Rows.class, Work.class)
                .addClasses(RequiredBean.class, RetriedBean.class)
                .addAsLibraries(
                        jar(RetryTransaction.class), jar(Assertions.class), jar(Awaitility.class), jar(Matchers.class))
                .addAsWebInfResource(new StringAsset("""
                        <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
                        """), "beans.xml");
    }

    /** The library that a class comes from. */
    private static File jar(Class<?> type) {
        try {
            return new File(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No library for " + type, e);
        }
    }
}
