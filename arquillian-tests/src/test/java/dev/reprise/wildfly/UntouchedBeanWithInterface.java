// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.Local;
import jakarta.ejb.Stateless;

/** Knows nothing of the retry, which a descriptor binds to it; its interface says how often. */
@Stateless
@Local(Untouched.class)
public class UntouchedBeanWithInterface implements Untouched {

    @Override
    public void call(Work work) throws Exception {
        work.run();
    }
}
