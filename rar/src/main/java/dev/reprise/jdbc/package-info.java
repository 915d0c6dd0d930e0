// SPDX-License-Identifier: Apache-2.0
/** The JDBC objects that an application holds. All but the connection handle are generated before compilation. */
@NullMarked
package dev.reprise.jdbc;

import org.jspecify.annotations.NullMarked;
