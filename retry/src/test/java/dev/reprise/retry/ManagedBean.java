// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.ejb.EJBException;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.interceptor.InvocationContext;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * An invocation of an enterprise bean as a container interceptor sees it: proceed() begins the container's transaction
 * if there is to be one, calls the witness and the bean, ends the transaction and translates exceptions as WildFly 39 does.
 */
final class ManagedBean implements InvocationContext {
    /** The business interface. */
    interface Bank {
        @RetryTransaction(maxRetries = 2, delayMillis = 1)
        void transfer();
    }

    private final TransactionManager manager = Narayana.MANAGER;
    private final Map<String, Object> data = new HashMap<>();
    private final boolean transactional;
    private final boolean witnessed;
    private final Callable<?> bean;

    ManagedBean(boolean transactional, boolean witnessed, Callable<?> bean) {
        this.transactional = transactional;
        this.witnessed = witnessed;
        this.bean = bean;
    }

    @Override
    public @Nullable Object proceed() throws Exception {
        if (!transactional || manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
            try {
                return inside();
            } catch (RuntimeException failure) {
                throw new EJBException(failure);
            }
        }
        manager.begin();
        Object result;
        try {
            result = inside();
        } catch (RuntimeException failure) {
            abort();
            throw new EJBException(failure);
        } catch (Exception application) {
            end();
            throw application;
        }
        end();
        return result;
    }

    private void abort() throws SystemException {
        try {
            manager.rollback();
        } catch (IllegalStateException timedOut) {
            // rolled back already, and no longer this thread's
        }
    }

    private void end() throws Exception {
        try {
            if (manager.getStatus() == Status.STATUS_ACTIVE) {
                manager.commit();
            } else {
                manager.rollback();
            }
        } catch (RollbackException failure) {
            throw (Exception) new EJBTransactionRolledbackException(failure.toString()).initCause(failure);
        } catch (HeuristicMixedException | HeuristicRollbackException | SystemException failure) {
            throw new EJBException(failure);
        }
    }

    private @Nullable Object inside() throws Exception {
        InvocationContext inner = new Inner();
        return witnessed ? new TransactionWitness().watch(inner) : inner.proceed();
    }

    @Override
    public Method getMethod() {
        return Bank.class.getMethods()[0];
    }

    @Override
    public Map<String, Object> getContextData() {
        return data;
    }

    @Override
    public Object[] getParameters() {
        return new Object[0];
    }

    @Override
    public void setParameters(Object[] parameters) {}

    @Override
    @SuppressWarnings("NullAway") // that is what WildFly answers here
    public Object getTarget() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public Object getTimer() {
        return null;
    }

    @Override
    @SuppressWarnings("NullAway")
    public Constructor<?> getConstructor() {
        return null;
    }

    /** The same invocation, further inside. */
    private final class Inner implements InvocationContext {
        @Override
        public @Nullable Object proceed() throws Exception {
            return bean.call();
        }

        @Override
        public Map<String, Object> getContextData() {
            return data;
        }

        @Override
        public Method getMethod() {
            return ManagedBean.this.getMethod();
        }

        @Override
        public Object[] getParameters() {
            return new Object[0];
        }

        @Override
        public void setParameters(Object[] parameters) {}

        @Override
        public Object getTarget() {
            return bean;
        }

        @Override
        @SuppressWarnings("NullAway")
        public Object getTimer() {
            return null;
        }

        @Override
        @SuppressWarnings("NullAway")
        public Constructor<?> getConstructor() {
            return null;
        }
    }
}
