// SPDX-License-Identifier: Apache-2.0
package dev.reprise.fault;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what failures mean, by SQLState, vendor code and cause; never by the class of the exception, nor by the driver's
 * events: Connector/J makes a lost connection of an application's own {@code SIGNAL SQLSTATE '45000'}. Immutable.
 */
public final class FaultTable {

    private static final int ANY = Integer.MIN_VALUE;
    private static final int MAX_CAUSES = 20;

    /** @param sqlState the whole state, or its class, or empty for any */
    private record Rule(String sqlState, int vendorCode, Fault fault, String source) {

        boolean matches(SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            return state.startsWith(sqlState) && (vendorCode == ANY || vendorCode == e.getErrorCode());
        }
    }

    /** What the SQL standard says (ISO/IEC 9075-2, 24.1). */
    public static final FaultTable STANDARD = new FaultTable(List.of())
            .state("40001", Fault.TRANSACTION, "serialization failure")
            .state("40003", Fault.CONNECTION, "statement completion unknown")
            .state("40", Fault.TRANSACTION, "transaction rollback")
            .state("08003", Fault.CONNECTION, "connection does not exist")
            .state("08006", Fault.CONNECTION, "connection failure");

    private final List<Rule> rules;

    private FaultTable(List<Rule> rules) {
        this.rules = rules;
    }

    /** A table of a vendor's own; what it does not know the standard does. */
    public static FaultTable vendor() {
        return new FaultTable(List.of());
    }

    /** @param source who says so: a document, or the run that showed it */
    public FaultTable state(String sqlState, Fault fault, String source) {
        return with(new Rule(sqlState, ANY, fault, source));
    }

    public FaultTable code(int vendorCode, Fault fault, String source) {
        return with(new Rule("", vendorCode, fault, source));
    }

    public FaultTable stateAndCode(String sqlState, int vendorCode, Fault fault, String source) {
        return with(new Rule(sqlState, vendorCode, fault, source));
    }

    private FaultTable with(Rule rule) {
        return new FaultTable(Stream.concat(rules.stream(), Stream.of(rule)).toList());
    }

    public FaultTable andStandard() {
        return new FaultTable(
                Stream.concat(rules.stream(), STANDARD.rules.stream()).toList());
    }

    /**
     * The first rule that matches decides. Empty if the tables cannot tell: a connection exception (class 08) with a
     * code that nobody knows, which may be an application's own. Then the connection must be asked.
     */
    public Optional<Fault> classify(SQLException e) {
        Optional<Fault> known =
                rules.stream().filter(rule -> rule.matches(e)).map(Rule::fault).findFirst();
        if (known.isPresent()) {
            return known;
        }
        String state = e.getSQLState();
        boolean connectionException = state == null || state.startsWith("08");
        if (connectionException && causedByIo(e)) {
            return Optional.of(Fault.CONNECTION);
        }
        return connectionException && state != null ? Optional.empty() : Optional.of(Fault.STATEMENT);
    }

    private static boolean causedByIo(SQLException e) {
        @Nullable Throwable cause = e.getCause();
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
