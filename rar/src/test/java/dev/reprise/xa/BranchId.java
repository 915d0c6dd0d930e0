// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static java.nio.charset.StandardCharsets.US_ASCII;

import javax.transaction.xa.Xid;

/** A transaction manager's xid. */
public record BranchId(String transaction, String branch, int format) implements Xid {

    static final int FORMAT = 0x52;

    public static BranchId of(String transaction) {
        return new BranchId(transaction, "1", FORMAT);
    }

    @Override
    public int getFormatId() {
        return format;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return transaction.getBytes(US_ASCII);
    }

    @Override
    public byte[] getBranchQualifier() {
        return branch.getBytes(US_ASCII);
    }
}
