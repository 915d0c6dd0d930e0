// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One client and its server, with a thread for each direction. */
final class Link {

    private static final System.Logger LOG = System.getLogger(Link.class.getName());
    private static final int CONNECT_MILLIS = 5_000;

    /** A reset takes along what the other side has received and not read yet, so it is given the time to. */
    private static final long TAKEN_NANOS = Duration.ofMillis(200).toNanos();

    private static final long LOOK_NANOS = Duration.ofMillis(2).toNanos();

    /** The answer to this unit does not reach the client. */
    private record Loss(long unit, Trigger trigger) {}

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server = new Socket();
    private final Protocol protocol;
    private final Consumer<Link> ended;

    /** Held by who reads from the client, and from the server. */
    private final Object fromClient = new Object();

    private final Object fromServer = new Object();
    private volatile @Nullable Loss loss;
    private volatile boolean silent;
    private volatile boolean halfOpen;

    Link(FaultProxy proxy, Socket client, Protocol protocol, Consumer<Link> ended) {
        this.proxy = proxy;
        this.client = client;
        this.protocol = protocol;
        this.ended = ended;
    }

    void start(InetSocketAddress target) {
        String name = "fault-proxy-" + client.getPort();
        Daemon.start(
                name + "-requests",
                () -> run(() -> {
                    connect(target);
                    Daemon.start(name + "-replies", () -> run(this::replies));
                    requests();
                }));
    }

    /** A client whose server cannot be reached is reset. */
    private void connect(InetSocketAddress target) throws IOException {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException e) {
            reset();
            throw e;
        }
    }

    private interface Direction {
        void run() throws IOException;
    }

    /** When one side is gone, so goes the other: this is how a connection ends, unless it is left half open. */
    private void run(Direction direction) {
        try {
            direction.run();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "link ended", e);
        } finally {
            Sockets.close(client);
            if (!halfOpen) {
                Sockets.close(server);
                ended.accept(this);
            }
        }
    }

    private void requests() throws IOException {
        var in =
                new DataInputStream(new BufferedInputStream(new DelayedInput(client.getInputStream(), proxy::latency)));
        var out = new BufferedOutputStream(server.getOutputStream());
        long units = 0;
        while (true) {
            Protocol.Request request;
            synchronized (fromClient) {
                request = protocol.readRequest(in);
            }
            awaitPassage();
            Optional<Trigger> fault = silent ? Optional.empty() : proxy.take(request.text(), protocol.session());
            if (fault.isPresent()) {
                out.flush();
                make(fault.get(), units + 1);
            }
            if (request.endsUnit()) {
                units++;
            }
            if (!silent) {
                boolean refused =
                        fault.filter(each -> each.kind() == FaultKind.REFUSE).isPresent();
                write(refused ? fault.get().refused(request.bytes()) : request.bytes(), in, out);
            }
        }
    }

    private void make(Trigger fault, long unit) {
        switch (fault.kind()) {
            case CUT_BEFORE -> {
                reset();
                fault.happened(protocol.session());
            }
            case STALL_BEFORE -> {
                silent = true;
                fault.happened(protocol.session());
            }
            case CUT_AFTER, CUT_IN_REPLY, LOSE_REPLY_AND_STALL -> loss = new Loss(unit, fault);
            case REFUSE -> fault.happened(protocol.session());
            case PAUSE_BEFORE -> {
                fault.happened(protocol.session());
                hold((Pause) fault);
            }
        }
    }

    private void hold(Pause pause) {
        try {
            if (!pause.hold()) {
                LOG.log(Level.ERROR, "{0} was not released within {1}; its link is reset", pause, Pause.LIMIT);
                reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reset();
        }
    }

    private void replies() throws IOException {
        var in = new DataInputStream(new BufferedInputStream(server.getInputStream()));
        var out = new BufferedOutputStream(client.getOutputStream());
        while (true) {
            Protocol.Reply reply;
            synchronized (fromServer) {
                reply = protocol.readReply(in);
            }
            awaitPassage();
            Loss lost = loss;
            if (lost != null && reply.unit() == lost.unit()) {
                out.flush();
                lose(reply, out, lost.trigger());
            } else if (!silent) {
                write(reply.bytes(), in, out);
            }
        }
    }

    private void lose(Protocol.Reply reply, OutputStream out, Trigger fault) throws IOException {
        if (fault.kind() == FaultKind.CUT_IN_REPLY) {
            out.write(reply.bytes(), 0, reply.bytes().length / 2);
            out.flush();
            LockSupport.parkNanos(TAKEN_NANOS);
        } else if (!reply.done()) {
            return;
        }
        silent = true;
        if (fault.kind() != FaultKind.LOSE_REPLY_AND_STALL) {
            reset();
        }
        fault.happened(protocol.session());
    }

    /** What has arrived together also leaves together. */
    private static void write(byte[] bytes, DataInputStream in, OutputStream out) throws IOException {
        out.write(bytes);
        if (in.available() == 0) {
            out.flush();
        }
    }

    private void awaitPassage() {
        while (proxy.isBlackHole() && !client.isClosed()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** The server's id of the session that passes here. */
    long session() {
        return protocol.session();
    }

    void fallSilent() {
        silent = true;
    }

    void leaveHalfOpen() {
        halfOpen = true;
    }

    void finish() {
        Sockets.finish(client);
        Sockets.finish(server);
        ended.accept(this);
    }

    /** The kernel sends a reset only when nobody is in the middle of reading any more: it is waited for. */
    void reset() {
        Sockets.reset(client);
        Sockets.reset(server);
        synchronized (fromClient) {
            synchronized (fromServer) {
                ended.accept(this);
            }
        }
    }
}
