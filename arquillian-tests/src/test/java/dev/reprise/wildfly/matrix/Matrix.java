// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** All results, and the venue that they come from: one at a time, the same one for all tests that need it. */
final class Matrix implements AutoCloseable {

    private final List<Result> results = new ArrayList<>();
    private final List<Result> ofThisVenue = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final Set<String> versions = new LinkedHashSet<>();
    private final Set<Product> failed = EnumSet.noneOf(Product.class);
    private @Nullable Venue current;

    /** Closes the last venue after the last test. */
    static final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Matrix.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Matrix.class, type -> new Matrix(), Matrix.class);
        }
    }

    List<Result> results() {
        return List.copyOf(results);
    }

    List<String> versions() {
        return List.copyOf(versions);
    }

    Result run(Cell cell) throws Exception {
        Result result = new Trial(
                        venue(cell.subject().product()), cell, UUID.randomUUID().toString())
                .run();
        results.add(result);
        ofThisVenue.add(result);
        System.out.println(results.size() + ". " + result.line());
        return result;
    }

    private Venue venue(Product product) throws Exception {
        Venue venue = current;
        if (venue == null || venue.product() != product) {
            leave();
            venue = open(product);
            current = venue;
            versions.addAll(venue.versions());
        }
        return venue;
    }

    /** What could not be opened once is not tried again. */
    private Venue open(Product product) throws IOException, SQLException {
        if (failed.contains(product)) {
            throw new IllegalStateException("No venue for " + product + ", see above");
        }
        failed.add(product);
        var venue = new Venue(product);
        failed.remove(product);
        return venue;
    }

    /** Leaves the venue; the results that were no longer true when recovery had run once more for all of them. */
    List<String> changes() throws Exception {
        leave();
        return List.copyOf(changes);
    }

    private void leave() throws Exception {
        Venue venue = current;
        if (venue != null) {
            current = null;
            try (venue) {
                venue.caller().scan().get();
                venue.caller().scan().get();
                for (Result result : ofThisVenue) {
                    if (result.cell().survivesCrashes()) {
                        look(venue, result);
                    }
                }
            }
            ofThisVenue.clear();
        }
    }

    private void look(Venue venue, Result result) throws SQLException {
        Administrator administrator = venue.administrator(result.cell().database());
        long rows = administrator.rows(Resource.TABLE, result.key());
        long otherRows = administrator.rows(Resource.OTHER_TABLE, result.key());
        boolean two = result.cell().mode().isTwoPhase();
        if (rows != result.evidence().rows()
                || (two && otherRows != result.evidence().otherRows())) {
            changes.add(result.line() + ", but afterwards " + rows + " and " + otherRows + " rows");
        }
    }

    @Override
    public void close() {
        Venue venue = current;
        if (venue != null) {
            venue.close();
        }
    }
}
