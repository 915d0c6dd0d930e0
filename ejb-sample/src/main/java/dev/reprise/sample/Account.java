// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** For {@link Teller}, which uses JPA. */
@Entity
@Table(name = "account")
public class Account {

    @Id
    private int id;

    private long balance;

    /** For JPA. */
    protected Account() {}

    public int id() {
        return id;
    }

    /** In cents. */
    public long balance() {
        return balance;
    }

    void deposit(long amount) {
        balance += amount;
    }
}
