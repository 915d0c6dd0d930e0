// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Locale;

/** What is put to the test: the adapter with one of its commit guards, or one of its peers. A column of the report. */
enum Subject {
    /** Without a ledger. */
    AUTO(Product.REPRISE, "Reprise, auto without ledger"),
    LEDGER(Product.REPRISE, "Reprise, ledger"),
    TWO_PHASE(Product.REPRISE, "Reprise, two-phase"),
    NATIVE(Product.REPRISE, "Reprise, native"),
    NONE(Product.REPRISE, "Reprise, no guard"),
    XA_DATASOURCE(Product.XA_DATASOURCE, "WildFly xa-datasource"),
    AGROAL(Product.AGROAL, "WildFly Agroal");

    private final Product product;
    private final String title;

    Subject(Product product, String title) {
        this.product = product;
        this.title = title;
    }

    /** Whether a violation is a failure of this project. */
    boolean isOurs() {
        return product == Product.REPRISE;
    }

    Product product() {
        return product;
    }

    /** As {@code -Dmatrix.datasource} and the configuration name it; of the adapter, its commit guard. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return title;
    }
}
