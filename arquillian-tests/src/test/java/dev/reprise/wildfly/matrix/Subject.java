// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import java.util.Locale;

/** What is put to the test: the adapter with one of its commit guards, or one of its peers. A column of the report. */
enum Subject {
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

    /** Whether it is configured to do without finding out what became of a commit whose reply was lost. */
    boolean mayNotKnow() {
        return this == NONE;
    }

    /** As {@code -Dmatrix.datasource} and the server's configuration name it. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return title;
    }
}
