// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Stateful;
import jakarta.ejb.Stateless;
import jakarta.ejb.Timeout;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment says; the annotations of enterprise beans are plain annotations here, as the extension reads them. */
@SuppressWarnings("UnusedMethod") // a container reads them
class RetryExtensionTest {
    private static final String HERE = RetryExtensionTest.class.getName() + "$";
    private static final String INSTEAD = ", so the container decides about its transaction: write"
            + " @TransactionAttribute(SUPPORTS), or leave the bean as it is, remove @RetryTransaction"
            + " and bind RetryContainerInterceptor in jboss-ejb3.xml (WildFly)";

    static List<Misused> misuses() {
        return List.of(
                new Misused(
                        Required.class,
                        "Required.transfer has the transaction attribute REQUIRED (the default)" + INSTEAD),
                new Misused(
                        RequiredMethod.class,
                        "RequiredMethod.transfer has the transaction attribute MANDATORY" + INSTEAD),
                new Misused(Inheriting.class, "Inheriting.inherited has the transaction attribute NEVER" + INSTEAD),
                new Misused(
                        BeanManaged.class,
                        "BeanManaged manages its transactions itself: remove @TransactionManagement(BEAN) and write"
                                + " @TransactionAttribute(SUPPORTS), or remove @RetryTransaction and use"
                                + " RetryingTransaction"),
                new Misused(
                        Single.class,
                        "Single is a @Singleton enterprise bean, whose lock would be held while a retry waits:"
                                + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)"),
                new Misused(
                        Conversation.class,
                        "Conversation is a @Stateful bean, which would keep the state of a failed attempt:"
                                + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)"),
                new Misused(
                        Listener.class,
                        "Listener is a @MessageDriven bean, whose messages the container delivers again after a"
                                + " rollback: remove @RetryTransaction"),
                new Misused(
                        Scheduled.class,
                        "Scheduled.nightly is called by a timer, which this interceptor does not see:"
                                + " move the work to a method of another bean and call that",
                        "Scheduled.timeout is called by a timer, which this interceptor does not see:"
                                + " move the work to a method of another bean and call that"),
                new Misused(
                        Background.class,
                        "Background.transfer is @Asynchronous, so its caller does not wait for a transaction:"
                                + " move the work to a method of another bean and call that"),
                new Misused(
                        Leaving.class,
                        "Leaving.never is @Transactional(NEVER), which leaves the transaction that the retry begins:"
                                + " remove @Transactional",
                        "Leaving.requiresNew is @Transactional(REQUIRES_NEW), which leaves the transaction that the"
                                + " retry begins: remove @Transactional"),
                new Misused(
                        Unreachable.class,
                        "Unreachable.common is static, so no interceptor can run: remove static",
                        "Unreachable.hidden is private, so no interceptor can run: remove private"),
                new Misused(Fixed.class, "Fixed is final, so no interceptor can run: remove final"),
                new Misused(
                        FixedMethod.class, "FixedMethod.transfer is final, so no interceptor can run: remove final"),
                new Misused(
                        Invalid.class,
                        "Invalid.often: in @RetryTransaction, maxRetries is 2000, allowed is 0 to 1000",
                        "Invalid: in @RetryTransaction, delayMillis is -1, allowed is 0 or more"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misuses")
    void misuseFailsTheDeploymentAndSaysWhatToWrite(Misused misused) {
        assertThat(deploymentError(misused.bean())).hasMessage(message(misused.problems()));
    }

    @Test
    void everythingIsSaidAtOnce() {
        assertThat(deploymentError(Single.class, Fixed.class).getMessage())
                .startsWith("@RetryTransaction is misused:\n" + HERE + "Fixed is final")
                .contains("\n" + HERE + "Single is a @Singleton");
    }

    @ParameterizedTest
    @ValueSource(classes = {Fine.class, FinePerMethod.class, Joining.class, Untouched.class, AbstractBase.class})
    void properUseIsDeployed(Class<?> bean) {
        assertThatCode(() -> container(bean).close()).doesNotThrowAnyException();
    }

    private static DeploymentException deploymentError(Class<?>... beans) {
        Throwable thrown = catchThrowable(() -> container(beans).close());
        return Causes.of(thrown).of(DeploymentException.class).stream()
                .filter(error -> String.valueOf(error.getMessage()).startsWith("@RetryTransaction"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no such error", thrown));
    }

    private static SeContainer container(Class<?>... beans) {
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addExtensions(extension())
                .addBeanClasses(RetryInterceptor.class)
                .addBeanClasses(beans)
                .initialize();
    }

    /** As a container finds it. */
    private static Extension extension() {
        return ServiceLoader.load(Extension.class).stream()
                .filter(provider -> provider.type() == RetryExtension.class)
                .findFirst()
                .orElseThrow()
                .get();
    }

    private static String message(List<String> problems) {
        return "@RetryTransaction is misused:\n" + HERE + String.join("\n" + HERE, problems);
    }

    record Misused(Class<?> bean, List<String> problems) {
        Misused(Class<?> bean, String... problems) {
            this(bean, List.of(problems));
        }

        @Override
        public String toString() {
            return bean.getSimpleName();
        }
    }

    @Stateless
    @RetryTransaction
    static class Required {
        public void transfer() {}

        @TransactionAttribute(TransactionAttributeType.SUPPORTS)
        public void fine() {}

        @PostConstruct
        public void callback() {}

        void noBusinessMethod() {}
    }

    @Stateless
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    static class RequiredMethod {
        @RetryTransaction
        @TransactionAttribute(TransactionAttributeType.MANDATORY)
        public void transfer() {}

        @TransactionAttribute(TransactionAttributeType.MANDATORY)
        public void other() {}
    }

    @TransactionAttribute(TransactionAttributeType.NEVER)
    abstract static class AbstractBase {
        @RetryTransaction
        public void inherited() {}
    }

    @Stateless
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    static class Inheriting extends AbstractBase {
        public void own() {}
    }

    @Stateless
    @TransactionManagement(TransactionManagementType.BEAN)
    static class BeanManaged {
        @RetryTransaction
        public void transfer() {}
    }

    @Singleton
    static class Single {
        @RetryTransaction
        public void transfer() {}
    }

    @Stateful
    @RetryTransaction
    static class Conversation {}

    @MessageDriven
    static class Listener {
        @RetryTransaction
        public void onMessage() {}
    }

    @Stateless
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    @RetryTransaction
    static class Scheduled {
        @Schedule(hour = "1")
        public void nightly() {}

        @Timeout
        private void timeout() {}
    }

    @Stateless
    @Asynchronous
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    static class Background {
        @RetryTransaction
        public void transfer() {}
    }

    @ApplicationScoped
    @RetryTransaction
    static class Leaving {
        @Transactional(Transactional.TxType.REQUIRES_NEW)
        public void requiresNew() {}

        @Transactional(Transactional.TxType.NEVER)
        public void never() {}
    }

    @ApplicationScoped
    static class Unreachable {
        @RetryTransaction
        private void hidden() {}

        @RetryTransaction
        static void common() {}
    }

    @RetryTransaction
    static final class Fixed {
        public void transfer() {}
    }

    static class FixedMethod {
        @RetryTransaction
        public final void transfer() {}

        @RetryTransaction
        public final void transfer(int amount) {}
    }

    @ApplicationScoped
    @RetryTransaction(delayMillis = -1)
    static class Invalid {
        @RetryTransaction(maxRetries = 2_000)
        public void often() {}
    }

    @Stateless
    @TransactionAttribute(TransactionAttributeType.SUPPORTS)
    @RetryTransaction(maxRetries = 1)
    static class Fine {
        public void transfer() {}

        public static void common() {}

        private void hidden() {}
    }

    @Stateless
    static class FinePerMethod {
        @RetryTransaction
        @TransactionAttribute(TransactionAttributeType.SUPPORTS)
        public void transfer() {}

        public void required() {}
    }

    @ApplicationScoped
    @RetryTransaction
    static class Joining {
        @Transactional
        public void required() {}

        @Transactional(Transactional.TxType.MANDATORY)
        public void mandatory() {}
    }

    @Singleton
    static class Untouched {
        public void transfer() {}
    }
}
