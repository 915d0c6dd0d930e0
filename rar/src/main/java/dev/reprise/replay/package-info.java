// SPDX-License-Identifier: Apache-2.0
/** What a transaction did and what it saw, so that it can be done once more and seen to be the same. */
@NullMarked
package dev.reprise.replay;

import org.jspecify.annotations.NullMarked;
