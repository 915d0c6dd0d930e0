// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.ApplicationException;

/** The bank does not do it: a rule of the business, so running it again would not help. Nothing was changed. */
@ApplicationException(rollback = true)
public class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String why) {
        super(why);
    }
}
