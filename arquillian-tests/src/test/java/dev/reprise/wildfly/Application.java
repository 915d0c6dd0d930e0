// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.retry.RetryContainerInterceptor;
import dev.reprise.retry.RetryTransaction;
import dev.reprise.retry.TransactionWitness;
import dev.reprise.testsupport.FaultKind;
import dev.reprise.testsupport.Faults;
import java.io.File;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.stream.Collectors;
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
                .addClasses(Faults.class, FaultKind.class, Link.class, Dialect.class, Rows.class, Work.class)
                .addClasses(RequiredBean.class, RetriedBean.class)
                .addAsLibraries(
                        jar(RetryTransaction.class), jar(Assertions.class), jar(Awaitility.class), jar(Matchers.class))
                .addAsWebInfResource(new StringAsset("""
                        <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
                        """), "beans.xml");
    }

    /** Adds a persistence unit on {@link Link#REPRISE} and one on {@link Link#POSTGRESQL}. */
    static WebArchive persistent(WebArchive application) {
        return persistent(application, Link.REPRISE, Link.POSTGRESQL);
    }

    static WebArchive persistent(WebArchive application, Link mariaDb, Link postgreSql) {
        return persistent(application, unit("reprise", mariaDb, ""), unit("postgresql", postgreSql, ""));
    }

    /** Adds two more, {@code -batching}, that send a flush in batches. */
    static WebArchive persistentAndBatching(WebArchive application, Link mariaDb, Link postgreSql) {
        String batches = """
                <properties><property name="hibernate.jdbc.batch_size" value="10"/></properties>""";
        return persistent(
                application,
                unit("reprise", mariaDb, ""),
                unit("postgresql", postgreSql, ""),
                unit("reprise-batching", mariaDb, batches),
                unit("postgresql-batching", postgreSql, batches));
    }

    private static WebArchive persistent(WebArchive application, String... units) {
        return application
                .addClasses(StoredRow.class, PersistentBean.class)
                .addAsResource(new StringAsset("""
                        <persistence xmlns="https://jakarta.ee/xml/ns/persistence" version="3.0">
                        %s
                        </persistence>
                        """.formatted(String.join("", units))), "META-INF/persistence.xml");
    }

    private static String unit(String name, Link link, String properties) {
        return """
                <persistence-unit name="%s"><jta-data-source>%s</jta-data-source>%s</persistence-unit>
                """.formatted(name, link.jndiName(), properties);
    }

    /** Binds the retry to beans that say nothing of it, as the javadoc of RetryContainerInterceptor says. */
    static WebArchive retrying(WebArchive application, Class<?>... beans) {
        String witnesses = bindings(beans, TransactionWitness.class, "");
        String retries =
                bindings(beans, RetryContainerInterceptor.class, " xmlns=\"https://jakarta.ee/xml/ns/jakartaee\"");
        return application.addAsWebInfResource(
                new StringAsset("""
                        <jboss:ejb-jar xmlns:jboss="http://www.jboss.com/xml/ns/javaee" version="4.0"
                            xmlns="https://jakarta.ee/xml/ns/jakartaee" xmlns:ci="urn:container-interceptors:1.0">
                          <interceptors>
                            <interceptor><interceptor-class>%s</interceptor-class></interceptor>
                          </interceptors>
                          <assembly-descriptor>
                            %s
                            <ci:container-interceptors>
                              %s
                            </ci:container-interceptors>
                          </assembly-descriptor>
                        </jboss:ejb-jar>
                        """.formatted(TransactionWitness.class.getName(), witnesses, retries)),
                "jboss-ejb3.xml");
    }

    private static String bindings(Class<?>[] beans, Class<?> interceptor, String namespace) {
        return Arrays.stream(beans)
                .map(bean -> """
                        <interceptor-binding%s>
                          <ejb-name>%s</ejb-name><interceptor-class>%s</interceptor-class>
                        </interceptor-binding>
                        """.formatted(namespace, bean.getSimpleName(), interceptor.getName()))
                .collect(Collectors.joining());
    }

    /** The library that a class comes from. */
    static File jar(Class<?> type) {
        try {
            return new File(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("No library for " + type, e);
        }
    }
}
