// SPDX-License-Identifier: Apache-2.0
/** The outcome matrix: each call met by each fault, and what the caller was told against what is stored. */
@NullMarked
package dev.reprise.wildfly.matrix;

import org.jspecify.annotations.NullMarked;
