// SPDX-License-Identifier: Apache-2.0
package dev.reprise.retry;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.ApplicationException;
import jakarta.transaction.HeuristicMixedException;
import java.rmi.RemoteException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RollbackRuleTest {
    static Stream<Arguments> thrown() {
        return Stream.of(
                Arguments.of(new Exception("checked"), false),
                Arguments.of(new RuntimeException("unchecked"), true),
                Arguments.of(new AssertionError("error"), true),
                Arguments.of(new RemoteException("remote"), true),
                Arguments.of(new Committing(null), false),
                Arguments.of(new InheritsCommitting(null), false),
                Arguments.of(new RollingBack(), true),
                Arguments.of(new NotInheriting(), false),
                Arguments.of(new SQLException("constraint", "23505"), true),
                Arguments.of(new Exception("checked", new SQLException("constraint", "23505")), true),
                Arguments.of(new Committing(new SQLException("lost", "08000")), true),
                Arguments.of(new Exception("checked", new HeuristicMixedException()), true));
    }

    @ParameterizedTest
    @MethodSource("thrown")
    void followsJakartaTransactionsUnlessADatabaseFailed(Throwable thrown, boolean rollsBack) {
        assertThat(RollbackRule.rollsBack(thrown)).isEqualTo(rollsBack);
    }

    @Test
    void aSystemExceptionIsUncheckedAndNotDeclaredAnApplicationException() {
        assertThat(RollbackRule.isSystemException(new RuntimeException())).isTrue();
        assertThat(RollbackRule.isSystemException(new RemoteException())).isTrue();
        assertThat(RollbackRule.isSystemException(new Exception())).isFalse();
        assertThat(RollbackRule.isSystemException(new Committing(null))).isFalse();
    }

    @ApplicationException
    private static class Committing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Committing(@org.jspecify.annotations.Nullable Throwable cause) {
            super(cause);
        }
    }

    private static final class InheritsCommitting extends Committing {
        private static final long serialVersionUID = 1;

        InheritsCommitting(@org.jspecify.annotations.Nullable Throwable cause) {
            super(cause);
        }
    }

    @ApplicationException(rollback = true, inherited = false)
    private static class RollingBack extends Exception {
        private static final long serialVersionUID = 1;
    }

    private static final class NotInheriting extends RollingBack {
        private static final long serialVersionUID = 1;
    }
}
