// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import javax.transaction.xa.XAException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a call of the XAResource tells the transaction manager. */
final class Codes {

    private Codes() {}

    /** That it fails, and with a code that a transaction manager understands. */
    static XAException failure(ThrowingCallable call) {
        XAException failure = catchThrowableOfType(XAException.class, call);
        assertThat(failure).as("an XAException").isNotNull();
        assertThat(Arrays.stream(Verdict.values()).map(each -> each.of(BranchId.of("any"), "", null).errorCode))
                .as("the codes that may be told")
                .contains(failure.errorCode);
        return failure;
    }

    static int code(ThrowingCallable call) {
        return failure(call).errorCode;
    }

    /** 0 if it returns. */
    static int codeOf(ThrowingCallable call) {
        XAException failure = catchThrowableOfType(XAException.class, call);
        return failure == null ? 0 : failure.errorCode;
    }
}
