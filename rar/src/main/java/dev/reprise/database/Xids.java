// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.util.Arrays;
import java.util.HexFormat;
import javax.transaction.xa.Xid;

/** Transaction managers and drivers each have their own class of {@link Xid}; only the three parts say which branch it is. */
public final class Xids {

    private Xids() {}

    public static boolean same(Xid one, Xid other) {
        return one.getFormatId() == other.getFormatId()
                && Arrays.equals(one.getGlobalTransactionId(), other.getGlobalTransactionId())
                && Arrays.equals(one.getBranchQualifier(), other.getBranchQualifier());
    }

    /** As MariaDB writes it in {@code XA COMMIT}, so that an administrator can use it; at most 280 characters. */
    public static String text(Xid xid) {
        var hex = HexFormat.of();
        return "0x" + hex.formatHex(xid.getGlobalTransactionId()) + ",0x" + hex.formatHex(xid.getBranchQualifier())
                + ",0x" + Integer.toHexString(xid.getFormatId());
    }
}
