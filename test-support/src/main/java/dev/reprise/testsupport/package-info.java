// SPDX-License-Identifier: Apache-2.0
/** Real databases, a proxy that makes faults, and WildFly as a process: for tests and the demo. */
@NullMarked
package dev.reprise.testsupport;

import org.jspecify.annotations.NullMarked;
