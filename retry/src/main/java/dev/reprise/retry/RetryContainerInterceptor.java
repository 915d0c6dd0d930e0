// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.ejb.EJBException;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * The retry for enterprise beans that must not change and whose transactions the container begins (REQUIRED,
 * REQUIRES_NEW): a WildFly container interceptor, bound in {@code jboss-ejb3.xml} together with
 * {@link TransactionWitness}. The policy is the {@link RetryTransaction} on the business interface or its method, else
 * {@link RetryPolicy#DEFAULT}; its {@code timeoutSeconds} has no effect.
 *
 * <pre>{@code
 * <jboss:ejb-jar xmlns:jboss="http://www.jboss.com/xml/ns/javaee" xmlns="https://jakarta.ee/xml/ns/jakartaee"
 *     xmlns:ci="urn:container-interceptors:1.0" version="4.0">
 *   <interceptors>
 *     <interceptor><interceptor-class>dev.reprise.retry.TransactionWitness</interceptor-class></interceptor>
 *   </interceptors>
 *   <assembly-descriptor>
 *     <interceptor-binding>
 *       <ejb-name>*</ejb-name>
 *       <interceptor-class>dev.reprise.retry.TransactionWitness</interceptor-class>
 *     </interceptor-binding>
 *     <ci:container-interceptors>
 *       <interceptor-binding xmlns="https://jakarta.ee/xml/ns/jakartaee">
 *         <ejb-name>*</ejb-name>
 *         <interceptor-class>dev.reprise.retry.RetryContainerInterceptor</interceptor-class>
 *       </interceptor-binding>
 *     </ci:container-interceptors>
 *   </assembly-descriptor>
 * </jboss:ejb-jar>
 * }</pre>
 *
 * <p>Without {@code <interceptors>} WildFly leaves the witness out without a word, and then nothing is retried.
 *
 * <p>Only system exceptions count, as only they make the container roll back. A bean that returns normally after
 * {@code setRollbackOnly} returns normally here too. After a system exception the next attempt has a new instance.
 */
public class RetryContainerInterceptor {
    private static final Logger LOG = System.getLogger("dev.reprise.retry");

    /** See the class. */
    @AroundInvoke
    public @Nullable Object retry(InvocationContext context) throws Exception {
        if (ServerTransaction.lookUp().getStatus() != Status.STATUS_NO_TRANSACTION) {
            return context.proceed(); // somebody else's transaction
        }
        Method method = context.getMethod();
        RetryPolicy policy =
                RetryPolicy.writtenOn(method, method.getDeclaringClass()).orElse(RetryPolicy.DEFAULT);
        String name = RetryInterceptor.nameOf(method);
        Object[] parameters = context.getParameters().clone();
        return new Retries(policy, Time.SYSTEM, RetryInterceptor::fire).run(name, () -> {
            context.setParameters(parameters.clone());
            return attempt(name, context);
        });
    }

    private static Attempt<@Nullable Object> attempt(String name, InvocationContext context) {
        TransactionWitness.Testimony testimony = new TransactionWitness.Testimony();
        context.getContextData().put(TransactionWitness.KEY, testimony);
        try {
            return new Attempt.Returned<>(context.proceed());
        } catch (Throwable thrown) { // Errors are system exceptions too
            return judged(name, thrown, testimony);
        } finally {
            context.getContextData().remove(TransactionWitness.KEY);
        }
    }

    static Attempt<@Nullable Object> judged(String name, Throwable thrown, TransactionWitness.Testimony testimony) {
        Verdict verdict = thrown instanceof EJBException ? Verdict.of(thrown) : Verdict.FINAL;
        if (verdict == Verdict.UNKNOWN || commitEndedOddly(thrown, testimony)) {
            return new Attempt.Failed<>(Unknown.outcomeOf(name, thrown), false);
        }
        if (verdict == Verdict.RETRY && !testimony.arrived) {
            LOG.log(
                    Level.WARNING,
                    () -> "REPRISE-R5: " + name
                            + " is not run again, because it is unknown whether it had a transaction:" + " bind "
                            + TransactionWitness.class.getName() + " as an interceptor in jboss-ejb3.xml");
        }
        boolean rolledBack = testimony.containerRollsBack()
                || (testimony.inTransaction && Causes.of(thrown).contain(RollbackException.class));
        return new Attempt.Failed<>(thrown, verdict == Verdict.RETRY && rolledBack);
    }

    /** The bean returned or threw something that commits, and then the transaction manager failed without an answer. */
    private static boolean commitEndedOddly(Throwable thrown, TransactionWitness.Testimony testimony) {
        return thrown instanceof EJBException
                && testimony.inTransaction
                && !testimony.containerRollsBack()
                && Causes.of(thrown).contain(SystemException.class);
    }
}
