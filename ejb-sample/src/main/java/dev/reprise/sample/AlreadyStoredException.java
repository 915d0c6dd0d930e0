// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.ApplicationException;

/** A transfer with this id is stored already. This call has changed nothing. */
@ApplicationException(rollback = true)
public class AlreadyStoredException extends RefusedException {
    private static final long serialVersionUID = 1;

    public AlreadyStoredException(String id) {
        super("transfer " + id + " is stored already");
    }
}
