// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LedgerReadTest {

    /** As the server's default, or newConnectionSql, may have it. */
    @Test
    void aSessionThatReadsWhatIsNotCommittedDoesNotTakeItForCommitted() throws Exception {
        PhysicalConnection writer = Sessions.direct();
        PhysicalConnection reader = Sessions.direct();
        try {
            Sessions.execute(
                    writer,
                    Files.readString(Path.of("../docs/ledger-mariadb.sql")).replace("reprise_slot", "slot_read"));
            var ledger = new Ledger(writer.database(), "slot_read", "node", "run", e -> {});
            Slot slot = ledger.claim(writer.connection(), writer.session());
            writer.connection().setAutoCommit(false);
            Sessions.execute(writer, "update slot_read set xid = 'one'");
            Sessions.execute(reader, "set session transaction isolation level read uncommitted");
            assertThat(ledger.outcome(reader.connection(), slot, "one", false)).isEqualTo(Outcome.UNKNOWN);
            writer.connection().commit();
            assertThat(ledger.outcome(reader.connection(), slot, "one", false)).isEqualTo(Outcome.COMMITTED);
            writer.connection().setAutoCommit(true);
            Sessions.execute(writer, "drop table slot_read");
        } finally {
            Sessions.close(writer);
            Sessions.close(reader);
        }
    }
}
