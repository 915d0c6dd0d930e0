// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.connector.RepriseManagedConnectionFactory;
import jakarta.resource.ResourceException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import javax.transaction.xa.XAResource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A transaction loses its connection on the way, and the application does not notice; or it is rolled back cleanly. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(Server.class)
class ReplayTest {

    private static final int CONTROL_MILLIS = 1_500;

    @RegisterExtension
    final Bench bench;

    private final String row = Bench.name();
    private final BranchId xid = BranchId.of(row);

    ReplayTest(Server server) {
        bench = new Bench(server);
    }

    private Pooled open() throws ResourceException {
        RepriseManagedConnectionFactory factory = bench.factory(CONTROL_MILLIS);
        factory.setReplay("on");
        return bench.open(factory);
    }

    /** In what kind of transaction. */
    enum Mode {
        ONE_PHASE,
        TWO_PHASE,
        LOCAL
    }

    private void begin(Pooled pooled, Mode mode) throws Exception {
        if (mode == Mode.LOCAL) {
            pooled.local().begin();
        } else {
            pooled.start(xid);
        }
    }

    private void commit(Pooled pooled, Mode mode) throws Exception {
        switch (mode) {
            case LOCAL -> pooled.local().commit();
            case ONE_PHASE -> {
                pooled.end(xid);
                pooled.xa().commit(xid, true);
            }
            case TWO_PHASE -> {
                pooled.end(xid);
                assertThat(pooled.xa().prepare(xid)).isEqualTo(XAResource.XA_OK);
                pooled.xa().commit(xid, false);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theApplicationDoesNotNotice(Mode mode) throws Exception {
        for (Mishap mishap : Mishap.values()) {
            for (String lost : List.of("insert", "update", "select n", "delete")) {
                String name = row + mishap + lost.charAt(0);
                Pooled pooled = open();
                long session = pooled.session();
                begin(pooled, mode);
                Connection connection = pooled.handle();
                connection.setNetworkTimeout(Runnable::run, CONTROL_MILLIS);
                mishap.arm(bench, lost, session);
                try (PreparedStatement insert =
                                connection.prepareStatement("insert into work (name, n) values (?, ?)");
                        Statement other = connection.createStatement()) {
                    insert.setString(1, name);
                    insert.setInt(2, 1);
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    insert.setString(1, name + "2");
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    assertThat(other.executeUpdate("update work set n = n + 10 where name = '" + name + "'"))
                            .isEqualTo(1);
                    try (ResultSet rows = other.executeQuery(
                            "select n, name from work where name like '" + name + "%' order by name")) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(11);
                        assertThat(rows.getString("name")).isEqualTo(name);
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getInt(1)).isEqualTo(1);
                        assertThat(rows.next()).isFalse();
                    }
                    assertThat(other.executeUpdate("delete from work where name = '" + name + "2'"))
                            .isEqualTo(1);
                }
                bench.proxy().disarmAll();
                commit(pooled, mode);
                assertThat(bench.query("select n from work where name = '" + name + "'"))
                        .as(name)
                        .isEqualTo(11);
                assertThat(bench.isStored(name + "2")).isFalse();
                assertThat(pooled.events()).isEmpty();
                assertThat(pooled.session()).isNotEqualTo(session);
            }
        }
    }
}
