// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

/** Whose data sources are put to the test. Each has a venue of its own: recovery finishes what another one has left. */
enum Product {
    REPRISE(new AdapterConfiguration()),
    XA_DATASOURCE(new XaDataSourceConfiguration()),
    AGROAL(new AgroalConfiguration());

    private final Configuration configuration;

    Product(Configuration configuration) {
        this.configuration = configuration;
    }

    Configuration configuration() {
        return configuration;
    }
}
