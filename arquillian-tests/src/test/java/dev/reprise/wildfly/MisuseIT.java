// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.retry.RetryTransaction;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An annotation that could not do what it says fails the deployment, and says what to write instead. */
@SuppressWarnings("NullAway.Init") // set before each test
class MisuseIT {

    private static final String NAME = "dev.reprise.wildfly.misuse.";

    private Management management;

    @BeforeEach
    void connect() {
        management = new Management(Stage.wildFly());
    }

    @AfterEach
    void leave() {
        management.close();
    }

    @ParameterizedTest
    @CsvSource({
        "Required, REQUIRED (the default)",
        "Mandatory, MANDATORY",
        "RequiresNew, REQUIRES_NEW",
        "NotSupported, NOT_SUPPORTED",
        "Never, NEVER",
        "RequiredMethod, REQUIRED"
    })
    void transactionAttributeThatLetsTheContainerDecide(String bean, String attribute) {
        refuses(
                bean,
                NAME + bean + ".call has the transaction attribute " + attribute
                        + ", so the container decides about its transaction: write @TransactionAttribute(SUPPORTS),"
                        + " or leave the bean as it is, remove @RetryTransaction and bind RetryContainerInterceptor"
                        + " in jboss-ejb3.xml (WildFly)");
    }

    @Test
    void beanThatManagesItsTransactions() {
        refuses(
                "BeanManaged",
                NAME + "BeanManaged manages its transactions itself: remove @TransactionManagement(BEAN) and write"
                        + " @TransactionAttribute(SUPPORTS), or remove @RetryTransaction and use RetryingTransaction");
    }

    @Test
    void singleton() {
        refuses(
                "OnlyOne",
                NAME + "OnlyOne is a @Singleton enterprise bean, whose lock would be held while a retry waits:"
                        + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)");
    }

    @Test
    void stateful() {
        refuses(
                "WithState",
                NAME + "WithState is a @Stateful bean, which would keep the state of a failed attempt:"
                        + " move the method to a @Stateless bean with @TransactionAttribute(SUPPORTS)");
    }

    @Test
    void asynchronousMethod() {
        refuses(
                "Later",
                NAME + "Later.call is @Asynchronous, so its caller does not wait for a transaction:"
                        + " move the work to a method of another bean and call that");
    }

    @ParameterizedTest
    @CsvSource({"Scheduled", "TimedOut"})
    void timer(String bean) {
        refuses(
                bean,
                NAME + bean + ".call is called by a timer, which this interceptor does not see:"
                        + " move the work to a method of another bean and call that");
    }

    /** Whoever has no messaging is told of that first, while the descriptors are being read. */
    @Test
    void messageDriven() {
        assertThat(management.failureOfDeploying(archive("Listener")))
                .contains("service jboss.ejb.default-resource-adapter-name-service not found");
    }

    @Test
    void transactionalThatLeavesTheTransaction() {
        refuses(
                "OnItsOwn",
                NAME + "OnItsOwn.call is @Transactional(REQUIRES_NEW), which leaves the transaction that the retry"
                        + " begins: remove @Transactional");
    }

    @Test
    void methodThatNoInterceptorSees() {
        refuses("HiddenMethod", NAME + "HiddenMethod.call is private, so no interceptor can run: remove private");
    }

    @Test
    void policyThatIsNone() {
        refuses(
                "TooFew",
                NAME + "TooFew.call: in @RetryTransaction, maxDelayMillis is 5000, allowed is delayMillis (10000) or"
                        + " more\n" + NAME
                        + "TooFew: in @RetryTransaction, maxRetries is -1, allowed is 0 to 1000");
    }

    @Test
    void severalMisusesAreReportedTogether() {
        String failure = management.failureOfDeploying(archive("Never", "OnlyOne", "Later"));
        assertThat(failure)
                .contains("@RetryTransaction is misused:\n" + NAME + "Later.call is @Asynchronous")
                .contains("\n" + NAME + "Never.call has")
                .contains("\n" + NAME + "OnlyOne is a @Singleton");
    }

    private void refuses(String bean, String message) {
        String failure = management.failureOfDeploying(archive(bean));
        assertThat(failure).contains("DeploymentException: @RetryTransaction is misused:\n" + message + "\n\tat ");
    }

    private static WebArchive archive(String... beans) {
        WebArchive archive = ShrinkWrap.create(WebArchive.class, "misused.war")
                .addAsLibraries(Application.jar(RetryTransaction.class))
                .addAsWebInfResource(new StringAsset("""
                        <beans xmlns="https://jakarta.ee/xml/ns/jakartaee" version="4.0" bean-discovery-mode="annotated"/>
                        """), "beans.xml");
        for (String bean : beans) {
            archive.addClass(NAME + bean);
        }
        return archive;
    }
}
