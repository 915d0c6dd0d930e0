// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reprise.TestDatabase;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAllocationException;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RepriseManagedConnectionFactoryTest {

    private final RepriseManagedConnectionFactory factory = configured();
    private Logged logged;

    @BeforeEach
    void listen() {
        logged = new Logged();
    }

    @AfterEach
    void close() {
        logged.close();
    }

    private static RepriseManagedConnectionFactory configured() {
        var factory = new RepriseManagedConnectionFactory();
        factory.setUrl("jdbc:mariadb://localhost/app");
        factory.setUser("somebody");
        factory.setPassword("hunter2");
        return factory;
    }

    static Stream<PropertyDescriptor> properties() throws IntrospectionException {
        return Arrays.stream(Introspector.getBeanInfo(RepriseManagedConnectionFactory.class)
                        .getPropertyDescriptors())
                .filter(property -> property.getPropertyType() == String.class);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void differsWithEachProperty(PropertyDescriptor property) throws ReflectiveOperationException {
        RepriseManagedConnectionFactory other = configured();
        assertThat(other).isEqualTo(factory).hasSameHashCodeAs(factory);
        property.getWriteMethod().invoke(other, "different");
        assertThat(property.getReadMethod().invoke(other)).isEqualTo("different");
        assertThat(other).isNotEqualTo(factory);
        property.getWriteMethod().invoke(factory, "different");
        assertThat(other).isEqualTo(factory).hasSameHashCodeAs(factory);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void settersTakeAnything(PropertyDescriptor property) throws ReflectiveOperationException {
        for (String text : List.of("", " ", "nonsense", "-1", "9".repeat(100))) {
            property.getWriteMethod().invoke(factory, text);
        }
    }

    @Test
    void containersFindAllProperties() throws Exception {
        var annotated = Arrays.stream(Configuration.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(ConfigProperty.class))
                .map(method -> method.getName().substring("set".length()));
        assertThat(Stream.concat(annotated, Stream.of("Password")))
                .containsExactlyInAnyOrderElementsOf(properties()
                        .map(property -> property.getWriteMethod().getName().substring("set".length()))
                        .toList());
    }

    @Test
    void isEqualToNothingElse() {
        assertThat(factory).isNotEqualTo("factory").isNotEqualTo(null);
    }

    @Test
    void keepsItsConfigurationWhenItIsStored() throws IOException, ClassNotFoundException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(factory);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(factory);
        }
    }

    @Test
    void namesAllThatIsWrongWhenItIsActivated() {
        factory.setUrl("jdbc:mariadb:replication://one,two/app");
        factory.setConnectTimeoutMillis("soon");
        factory.setValidateOnMatch("maybe");
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(factory::createConnectionFactory)
                .withMessageContainingAll("url: ", "connectTimeoutMillis: soon", "validateOnMatch: maybe")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(() -> factory.createManagedConnection(null, null));
    }

    @Test
    void namesTheDriverThatIsNotThere() {
        factory.setXaDataSourceClass("org.example.Missing");
        assertThatExceptionOfType(InvalidPropertyException.class)
                .isThrownBy(factory::createConnectionFactory)
                .withMessageStartingWith("Reprise cannot be used as configured: xaDataSourceClass: org.example.Missing"
                        + " cannot be loaded by the adapter");
    }

    @Test
    void canBeActivatedOnceItsConfigurationWasPutRight() throws ResourceException {
        factory.setValidateOnMatch("maybe");
        assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(factory::createConnectionFactory);
        factory.setValidateOnMatch("true");
        assertThat(factory.createConnectionFactory()).isNotNull();
    }

    @Test
    void saysWhatIsOffWhenItIsActivated() throws ResourceException {
        factory.createConnectionFactory();
        assertThat(logged.messages())
                .containsExactly("REPRISE0001: Connections to MariaDB through org.mariadb.jdbc.MariaDbDataSource:"
                        + " connect within 5000 ms, checked on match within 2000 ms");

        RepriseManagedConnectionFactory weaker = configured();
        weaker.setXaDataSourceClass("org.h2.jdbcx.JdbcDataSource");
        weaker.setValidateOnMatch("false");
        weaker.setCommitGuard("none");
        weaker.createConnectionFactory();
        assertThat(logged.count("REPRISE0002")).isEqualTo(1);
        assertThat(logged.count("REPRISE0009")).isEqualTo(1);
        assertThat(logged.count("REPRISE0003")).isEqualTo(1);
    }

    @Test
    void showsThePasswordNowhere() throws ResourceException {
        assertThat(factory.toString()).contains("somebody").doesNotContain("hunter2");

        RepriseManagedConnectionFactory refused = Factories.direct();
        refused.setPassword("hunter2");
        refused.createConnectionFactory();
        assertThatExceptionOfType(ResourceAllocationException.class)
                .isThrownBy(() -> refused.createManagedConnection(null, null))
                .satisfies(e -> assertThat(e + " " + e.getCause()).doesNotContain("hunter2"));
        assertThat(logged.text()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordAsksForIsInNoMessageEither() {
        RepriseManagedConnectionFactory direct = Factories.direct();
        assertThatExceptionOfType(ResourceAllocationException.class)
                .isThrownBy(() -> direct.createManagedConnection(
                        null, new Credentials(TestDatabase.mariaDb().user(), "hunter2")))
                .satisfies(e -> assertThat(e + " " + e.getCause()).doesNotContain("hunter2"));
    }

    @Test
    void worksBeforeTheAdapterIsStarted() throws ResourceException {
        RepriseManagedConnectionFactory direct = Factories.direct();
        var adapter = new RepriseResourceAdapter();
        direct.setResourceAdapter(adapter);
        RepriseManagedConnection connection = Factories.create(direct);
        assertThat(direct.getResourceAdapter()).isSameAs(adapter);
        connection.destroy();
        adapter.stop();
    }
}
