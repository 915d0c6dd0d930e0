// SPDX-License-Identifier: Apache-2.0
/** The adapter and the retry in a real WildFly on a real MariaDB. Begin reading at {@link dev.reprise.wildfly.Stage}. */
@NullMarked
package dev.reprise.wildfly;

import org.jspecify.annotations.NullMarked;
