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

    private String source;

    /** For JPA. */
    protected StoredRow() {
        source = "";
    }

    StoredRow(int id) {
        this(id, "jpa");
    }

    StoredRow(int id, String source) {
        this.id = id;
        this.source = source;
    }

    void change(String newSource) {
        source = newSource;
    }

    int id() {
        return id;
    }

    String source() {
        return source;
    }
}
