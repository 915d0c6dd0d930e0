// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Streams as pgjdbc and a server exchange them, in one piece and in pieces. */
class PostgreSqlProtocolTest {

    private static final int SSL_REQUEST = 80877103;
    private static final int VERSION_3 = 196608;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final PostgreSqlProtocol protocol = new PostgreSqlProtocol();

    private void startup(int code, String text) throws IOException {
        out.writeInt(8 + text.length());
        out.writeInt(code);
        out.writeBytes(text);
    }

    private void message(char type, String text) throws IOException {
        out.writeByte(type);
        out.writeInt(4 + text.length());
        out.writeBytes(text);
    }

    private DataInputStream in() {
        byte[] all = bytes.toByteArray();
        bytes.reset();
        return new DataInputStream(new ByteArrayInputStream(all));
    }

    /** One byte at a time. */
    private DataInputStream slow() {
        var single = new ArrayList<InputStream>();
        for (byte each : bytes.toByteArray()) {
            single.add(new ByteArrayInputStream(new byte[] {each}));
        }
        bytes.reset();
        return new DataInputStream(new SequenceInputStream(java.util.Collections.enumeration(single)));
    }

    private static String text(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1);
    }

    @Test
    void whatIsSentUntilSyncIsOneRequest() throws IOException {
        startup(VERSION_3, "user\0app\0\0");
        message('p', "secret");
        message('P', "\0COMMIT\0\0\0");
        message('B', "\0\0");
        message('E', "");
        message('S', "");
        message('Q', "select 1\0");
        var ends = new ArrayList<Boolean>();
        DataInputStream in = slow();
        for (int i = 0; i < 4; i++) {
            ends.add(protocol.readRequest(in).endsUnit());
        }
        assertThat(ends).isEqualTo(List.of(false, false, true, true));
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> protocol.readRequest(in));
    }

    @Test
    void flushAndCopiedDataAreNotHeldBack() throws IOException {
        startup(VERSION_3, "");
        protocol.readRequest(in());
        message('P', "\0select 1\0\0\0");
        message('H', "");
        message('d', "row");
        message('c', "");
        DataInputStream in = in();
        assertThat(protocol.readRequest(in).endsUnit()).isFalse();
        assertThat(text(protocol.readRequest(in).bytes())).endsWith("row");
        assertThat(protocol.readRequest(in).endsUnit()).isFalse();
    }

    @Test
    void namedStatementsAreKnownByTheirText() throws IOException {
        startup(VERSION_3, "");
        protocol.readRequest(in());
        message('P', "S_1\0COMMIT\0\0\0");
        message('S', "");
        message('B', "portal\0S_1\0");
        message('S', "");
        message('C', "SS_1\0");
        message('B', "portal\0S_1\0");
        message('S', "");
        DataInputStream in = in();
        assertThat(text(protocol.readRequest(in).text())).containsOnlyOnce("COMMIT");
        Protocol.Request bound = protocol.readRequest(in);
        assertThat(text(bound.text())).contains("COMMIT\0");
        assertThat(text(bound.bytes())).doesNotContain("COMMIT");
        assertThat(text(protocol.readRequest(in).text())).doesNotContain("COMMIT");
    }

    @Test
    void messagesStayAsTheyAre() throws IOException {
        startup(VERSION_3, "user\0app\0\0");
        protocol.readRequest(in());
        message('Q', "commit\0");
        assertThat(text(protocol.readRequest(in()).bytes())).isEqualTo("Q\0\0\0\u000bcommit\0");
    }

    @Test
    void repliesBelongToTheUnitThatReadyForQueryEnds() throws IOException {
        startup(VERSION_3, "");
        protocol.readRequest(in());
        message('R', "\0\0\0\0");
        message('K', "\0\0\1\2key!");
        message('Z', "I");
        message('1', "");
        message('C', "COMMIT\0");
        message('Z', "I");
        message('E', "SERROR\0\0");
        message('Z', "I");
        var units = new ArrayList<String>();
        DataInputStream in = slow();
        for (int i = 0; i < 8; i++) {
            Protocol.Reply reply = protocol.readReply(in);
            units.add(reply.unit() + (reply.done() ? "." : ""));
        }
        assertThat(units).containsExactly("0", "0", "0.", "1", "1", "1.", "2", "2.");
        assertThat(protocol.session()).isEqualTo(258);
    }

    @Test
    void refusedEncryptionIsOneByteAndThenTheLoginBegins() throws IOException {
        startup(SSL_REQUEST, "");
        assertThat(protocol.readRequest(in()).endsUnit()).isFalse();
        out.writeByte('N');
        assertThat(text(protocol.readReply(in()).bytes())).isEqualTo("N");
        startup(VERSION_3, "user\0app\0\0");
        protocol.readRequest(in());
        message('R', "\0\0\0\0");
        assertThat(protocol.readReply(in()).bytes()).hasSize(9);
    }

    @Test
    void rubbishIsNotForwarded() throws IOException {
        startup(VERSION_3, "");
        protocol.readRequest(in());
        out.writeByte('Q');
        out.writeInt(3);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> protocol.readRequest(in()))
                .withMessage("Not a PostgreSQL message: length 3");
    }
}
