// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.io.Serializable;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Runs methods with {@link RetryTransaction}; outside {@code @Transactional}, which joins the transaction begun here. */
@RetryTransaction
@Interceptor
@Priority(Interceptor.Priority.PLATFORM_BEFORE + 100)
public class RetryInterceptor implements Serializable {
    private static final long serialVersionUID = 1;

    /** See {@link RetryTransaction}. */
    @AroundInvoke
    public @Nullable Object retry(InvocationContext context) throws Exception {
        Method method = context.getMethod();
        RetryPolicy policy = RetryPolicy.writtenOn(method, context.getTarget().getClass())
                .orElseThrow(() -> new IllegalStateException("@RetryTransaction came to " + nameOf(method)
                        + " by a stereotype or an extension; write it on the class or the method itself"));
        Object[] parameters = context.getParameters().clone();
        return RetryingTransaction.with(policy)
                .withListener(RetryInterceptor::fire)
                .call(nameOf(method), () -> {
                    context.setParameters(parameters.clone()); // an inner interceptor may have replaced them
                    return context.proceed();
                });
    }

    static String nameOf(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }

    static void fire(TransactionRetried event) {
        CDI.current().getBeanManager().getEvent().fire(event);
    }
}
