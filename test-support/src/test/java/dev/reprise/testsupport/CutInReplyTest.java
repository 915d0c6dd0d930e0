// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of the reply reaches a client that speaks PostgreSQL's protocol by hand; the server is this test, too. */
@Timeout(20)
class CutInReplyTest {

    private static final String READY = "Z\0\0\0\5I";
    private static final String COMMITTED = "C\0\0\0\13COMMIT\0";

    @Test
    void clientReadsHalfOfTheFirstMessageAndThenAReset() throws IOException {
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = FaultProxy.postgreSql("127.0.0.1", listening.getLocalPort());
                var client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
                var server = listening.accept()) {
            var toProxy = new DataOutputStream(client.getOutputStream());
            var fromProxy = new DataInputStream(client.getInputStream());
            var toClient = new DataOutputStream(server.getOutputStream());
            toProxy.writeBytes("\0\0\0\10\0\3\0\0");
            server.getInputStream().readNBytes(8);
            toClient.writeBytes(READY);
            fromProxy.readNBytes(READY.length());
            Trigger trigger = proxy.onRequest("commit").cutInReply();
            toProxy.writeBytes("Q\0\0\0\13commit\0");
            server.getInputStream().readNBytes(12);
            toClient.writeBytes(COMMITTED + READY);
            assertThat(fromProxy.readNBytes(COMMITTED.length() / 2)).asString().isEqualTo("C\0\0\0\13C");
            assertThatExceptionOfType(SocketException.class).isThrownBy(fromProxy::read);
            trigger.awaitHit(Duration.ofSeconds(10));
        }
    }
}
