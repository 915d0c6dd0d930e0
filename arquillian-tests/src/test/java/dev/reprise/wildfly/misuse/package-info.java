// SPDX-License-Identifier: Apache-2.0
/** Beans with an annotation that could not do what it says. Each is deployed alone and must be refused. */
@NullMarked
package dev.reprise.wildfly.misuse;

import org.jspecify.annotations.NullMarked;
