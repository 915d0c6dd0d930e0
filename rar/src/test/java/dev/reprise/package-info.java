// SPDX-License-Identifier: Apache-2.0
/** What the tests of all packages share, and the test of the house as a whole. */
@NullMarked
package dev.reprise;

import org.jspecify.annotations.NullMarked;
