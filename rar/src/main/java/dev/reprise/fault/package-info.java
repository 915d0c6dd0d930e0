// SPDX-License-Identifier: Apache-2.0
/** What a failure means: tables, and nothing but the JDK. */
@NullMarked
package dev.reprise.fault;

import org.jspecify.annotations.NullMarked;
