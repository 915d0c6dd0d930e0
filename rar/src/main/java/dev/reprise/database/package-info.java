// SPDX-License-Identifier: Apache-2.0
/** A session on a database server, and everything that differs between databases. Nothing else may ask which database it is. */
@NullMarked
package dev.reprise.database;

import org.jspecify.annotations.NullMarked;
