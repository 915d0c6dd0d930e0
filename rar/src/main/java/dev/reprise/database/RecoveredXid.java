// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Arrays;
import javax.transaction.xa.Xid;

/** A branch as the server lists it. */
final class RecoveredXid implements Xid {

    private final int formatId;
    private final byte[] globalTransactionId;
    private final byte[] branchQualifier;

    RecoveredXid(int formatId, byte[] data, int globalLength) {
        this.formatId = formatId;
        this.globalTransactionId = Arrays.copyOf(data, globalLength);
        this.branchQualifier = Arrays.copyOfRange(data, globalLength, data.length);
    }

    RecoveredXid(int formatId, byte[] globalTransactionId, byte[] branchQualifier) {
        this.formatId = formatId;
        this.globalTransactionId = globalTransactionId;
        this.branchQualifier = branchQualifier;
    }

    @Override
    public int getFormatId() {
        return formatId;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return globalTransactionId.clone();
    }

    @Override
    public byte[] getBranchQualifier() {
        return branchQualifier.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecoveredXid xid
                && xid.formatId == formatId
                && Arrays.equals(xid.globalTransactionId, globalTransactionId)
                && Arrays.equals(xid.branchQualifier, branchQualifier);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(globalTransactionId) + Arrays.hashCode(branchQualifier);
    }
}
