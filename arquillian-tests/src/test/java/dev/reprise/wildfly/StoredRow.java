// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row of {@link Rows}, for JPA. */
@Entity
@Table(name = "row_of_test")
public class StoredRow {

    @Id
    private int id;

    private String source = "jpa";

    /** For JPA. */
    protected StoredRow() {}

    StoredRow(int id) {
        this.id = id;
    }

    int id() {
        return id;
    }

    String source() {
        return source;
    }
}
