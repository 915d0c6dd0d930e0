// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Stateless;
import java.util.Set;

/** Knows nothing of the retry, which a descriptor binds to it. */
@Stateless
public class UntouchedBean {

    public void call(Work work) throws Exception {
        work.run();
    }

    /** @param instances gets the instance that was called */
    public void call(Set<UntouchedBean> instances, Work work) throws Exception {
        instances.add(this);
        work.run();
    }
}
