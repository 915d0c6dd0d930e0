// SPDX-License-Identifier: Apache-2.0
package dev.reprise.replay;

/** What was seen the second time is not what was seen the first time, or nobody can say so. */
public final class Differs extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public Differs(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
