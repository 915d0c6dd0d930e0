// SPDX-License-Identifier: Apache-2.0
package dev.reprise.jdbc;

import java.sql.SQLException;
import java.util.List;

/**
 * Statements that an application has left open, and that are closed now.
 *
 * @param openers where they were opened, if that was wanted
 * @param failures of those that could not be closed
 */
public record LeftOpen(int statements, List<Throwable> openers, List<SQLException> failures) {

    static final LeftOpen NONE = new LeftOpen(0, List.of(), List.of());
}
