// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** All results, and the venue that they come from; the same one for all tests. */
final class Matrix implements AutoCloseable {

    private final Venue venue;
    private final List<Result> results = new ArrayList<>();

    private Matrix() {
        try {
            venue = new Venue();
        } catch (Exception e) { // of any kind: nothing can be tested then
            throw new IllegalStateException("No venue", e);
        }
    }

    /** Opens it for the first test that asks for it, and closes it after the last one. */
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

    Venue venue() {
        return venue;
    }

    List<Result> results() {
        return List.copyOf(results);
    }

    Result run(Cell cell) throws Exception {
        Result result = new Trial(venue, cell, UUID.randomUUID().toString()).run();
        results.add(result);
        return result;
    }

    @Override
    public void close() {
        venue.close();
    }
}
