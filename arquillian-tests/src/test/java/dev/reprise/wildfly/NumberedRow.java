// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A row with a key that its database generates, for JPA. */
@Entity
@Table(name = "numbered_row")
public class NumberedRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long id;

    @SuppressWarnings("UnusedVariable") // JPA reads it
    private String source;

    /** For JPA. */
    protected NumberedRow() {
        source = "";
    }

    NumberedRow(String source) {
        this.source = source;
    }

    /** Known since it was persisted. */
    long id() {
        return id;
    }

    void change(String newSource) {
        source = newSource;
    }
}
