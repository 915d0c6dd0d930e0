// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.xa.BranchId;
import org.junit.jupiter.api.Test;

class XidsTest {

    @Test
    void allThreePartsSayWhichBranchItIs() {
        var xid = new BranchId("a", "b", 1);

        assertThat(Xids.same(xid, new BranchId("a", "b", 1))).isTrue();
        assertThat(Xids.same(xid, new BranchId("a", "c", 1))).isFalse();
        assertThat(Xids.same(xid, new BranchId("c", "b", 1))).isFalse();
        assertThat(Xids.same(xid, new BranchId("a", "b", 2))).isFalse();
        assertThat(Xids.same(new BranchId("ab", "", 1), new BranchId("a", "b", 1)))
                .isFalse();
    }

    @Test
    void isWrittenAsAnAdministratorCanUseIt() {
        assertThat(Xids.text(new BranchId("a", "0", 131077))).isEqualTo("0x61,0x30,0x20005");
    }
}
