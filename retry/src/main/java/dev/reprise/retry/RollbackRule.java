// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import jakarta.ejb.ApplicationException;
import java.lang.annotation.Annotation;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Which exceptions of a business method roll its transaction back. */
final class RollbackRule {
    private RollbackRule() {}

    /**
     * Anything that touched a database rolls back: a checked SQLException would otherwise commit what was done on another
     * resource. Then {@link ApplicationException}, then the default of Jakarta Transactions: unchecked only.
     */
    static boolean rollsBack(Throwable thrown) {
        Causes causes = Causes.of(thrown);
        if (causes.contain(SQLException.class) || Verdict.of(thrown) != Verdict.FINAL) {
            return true;
        }
        ApplicationException declared = applicationException(thrown.getClass(), true);
        return declared == null ? isSystem(thrown) : declared.rollback();
    }

    /** Does a container treat it as a system exception, which rolls back and discards the instance? */
    static boolean isSystemException(Throwable thrown) {
        return isSystem(thrown) && applicationException(thrown.getClass(), true) == null;
    }

    private static boolean isSystem(Throwable thrown) {
        return thrown instanceof RuntimeException
                || thrown instanceof Error
                || thrown instanceof java.rmi.RemoteException;
    }

    private static @Nullable ApplicationException applicationException(@Nullable Class<?> type, boolean own) {
        if (type == null) {
            return null;
        }
        for (Annotation annotation : type.getDeclaredAnnotations()) {
            // By name first: a server without enterprise beans has no such class to compare with.
            if (annotation.annotationType().getName().equals("jakarta.ejb.ApplicationException")) {
                ApplicationException found = (ApplicationException) annotation;
                return own || found.inherited() ? found : null;
            }
        }
        return applicationException(type.getSuperclass(), false);
    }
}
