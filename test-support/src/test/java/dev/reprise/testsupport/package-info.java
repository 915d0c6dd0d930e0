// SPDX-License-Identifier: Apache-2.0
/** Tests of what other tests stand on. */
@NullMarked
package dev.reprise.testsupport;

import org.jspecify.annotations.NullMarked;
