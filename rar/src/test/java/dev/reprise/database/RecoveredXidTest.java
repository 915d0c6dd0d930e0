// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecoveredXidTest {

    private static RecoveredXid xid(int formatId, int globalLength, int... bytes) {
        byte[] data = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            data[i] = (byte) bytes[i];
        }
        return new RecoveredXid(formatId, data, globalLength);
    }

    @Test
    void theDataIsTheGlobalTransactionAndThenTheBranch() {
        RecoveredXid xid = xid(0x20005, 2, 1, 0xff, 3);
        assertThat(xid.getFormatId()).isEqualTo(0x20005);
        assertThat(xid.getGlobalTransactionId()).containsExactly(1, 0xff);
        assertThat(xid.getBranchQualifier()).containsExactly(3);
    }

    @Test
    void aBranchMayHaveNoQualifier() {
        assertThat(xid(1, 2, 1, 2).getBranchQualifier()).isEmpty();
    }

    @Test
    void cannotBeChangedFromOutside() {
        RecoveredXid xid = xid(1, 1, 1, 2);
        xid.getGlobalTransactionId()[0] = 9;
        xid.getBranchQualifier()[0] = 9;
        assertThat(xid).isEqualTo(xid(1, 1, 1, 2));
    }

    @Test
    void isEqualInAllThreePartsOnly() {
        RecoveredXid xid = xid(1, 1, 1, 2);
        assertThat(xid).isEqualTo(xid(1, 1, 1, 2)).hasSameHashCodeAs(xid(1, 1, 1, 2));
        assertThat(xid).isNotEqualTo(xid(2, 1, 1, 2));
        assertThat(xid).isNotEqualTo(xid(1, 2, 1, 2));
        assertThat(xid).isNotEqualTo(xid(1, 1, 1, 3));
        assertThat(xid).isNotEqualTo("1");
    }
}
