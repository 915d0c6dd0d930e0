// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Stateless;

/** The container's transaction, and no retry. */
@Stateless
public class RequiredBean {

    public void call(Work work) throws Exception {
        work.run();
    }
}
