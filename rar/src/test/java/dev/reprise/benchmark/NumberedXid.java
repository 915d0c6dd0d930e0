// SPDX-License-Identifier: Apache-2.0
package dev.reprise.benchmark;

import java.nio.ByteBuffer;
import javax.transaction.xa.Xid;

/** As long as those of Narayana. */
record NumberedXid(int number) implements Xid {

    @Override
    public int getFormatId() {
        return 131_077;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return ByteBuffer.allocate(36).putInt(number).array();
    }

    @Override
    public byte[] getBranchQualifier() {
        return ByteBuffer.allocate(36).putInt(1).array();
    }
}
