// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Stands between clients and a database server and makes faults: at a request that contains a text, or on the whole
 * link. It reads the messages of the protocol, so that a fault lies exactly before a request or after its whole reply.
 * Listens on a free port of 127.0.0.1, which stays the same. Needs a link without TLS and compression. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    private final Supplier<Protocol> protocol;
    private final String host;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final List<Trigger> triggers = new CopyOnWriteArrayList<>();
    private final LongAdder requests = new LongAdder();
    private final Listener listener;
    private volatile int target;
    private volatile boolean blackHole;
    private volatile Duration latency = Duration.ZERO;

    private FaultProxy(String host, int port, Supplier<Protocol> protocol) {
        this.host = host;
        this.target = port;
        this.protocol = protocol;
        this.listener = new Listener(this::open);
    }

    /** In front of a MariaDB or MySQL server. */
    public static FaultProxy mariaDb(String host, int port) {
        return new FaultProxy(host, port, MariaDbProtocol::new);
    }

    /** In front of this server. */
    public static FaultProxy of(DatabaseServer database) {
        return database instanceof PostgreSql
                ? postgreSql(database.host(), database.port())
                : mariaDb(database.host(), database.port());
    }

    /** In front of a PostgreSQL server. */
    public static FaultProxy postgreSql(String host, int port) {
        return new FaultProxy(host, port, PostgreSqlProtocol::new);
    }

    public int port() {
        return listener.port();
    }

    /** @param marker a text that the request contains, in any case of letters; ASCII */
    public RequestFault onRequest(String marker) {
        if (marker.isEmpty()) {
            throw new IllegalArgumentException("The marker is empty; see onAnyRequest");
        }
        return new RequestFault(triggers::add, marker, 1, session -> true);
    }

    /** At whichever request comes next. */
    public RequestFault onAnyRequest() {
        return new RequestFault(triggers::add, "", 1, session -> true);
    }

    /** Forgets all faults at requests, and lets held requests go. Faults on the whole link stay. */
    public void disarmAll() {
        triggers.forEach(Trigger::disarm);
        triggers.clear();
    }

    /** Closes every open link as an orderly end does (FIN). */
    public void cutAll() {
        links.forEach(Link::finish);
    }

    /** Closes every open link as an abrupt end does (RST). */
    public void resetAll() {
        links.forEach(Link::reset);
    }

    /** From now on new connections are refused, as if nobody listened; open ones stay. */
    public void refuse() {
        listener.refuse();
    }

    /** Ends {@link #refuse}. */
    public void accept() {
        listener.accept();
    }

    /**
     * While it is on, nothing passes in either direction, and nobody is told. What was held back is delivered when it is
     * switched off, as TCP does: a request may then reach the server whose client has given up long ago.
     */
    public void blackHole(boolean on) {
        blackHole = on;
    }

    boolean isBlackHole() {
        return blackHole;
    }

    /**
     * Of the links that are open now the server will not learn when the client has gone, as when a machine loses its
     * power: the session stays as it is, until the server itself ends it or until {@link #resetAll}.
     */
    public void leaveHalfOpen() {
        links.forEach(Link::leaveHalfOpen);
    }

    /**
     * The links that are open now pass nothing any more, for ever, and nobody is told, as when a firewall has forgotten
     * them or a server has lost its power; new ones work.
     */
    public void silence() {
        links.forEach(Link::fallSilent);
    }

    /** Added to each request, or to as many as arrive together. */
    public void latency(Duration added) {
        latency = added;
    }

    Duration latency() {
        return latency;
    }

    /** New connections go to this port; open ones stay where they are. */
    public void retarget(int port) {
        target = port;
    }

    /** How many links are open. */
    public int connections() {
        return links.size();
    }

    /** Whether the client of this session has not been told yet that it has ended. */
    public boolean passes(long session) {
        return links.stream().anyMatch(each -> each.session() == session);
    }

    /** How many requests have come by since it was opened. */
    public long requests() {
        return requests.sum();
    }

    Optional<Trigger> take(byte[] request, long session) {
        requests.increment();
        if (triggers.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(request, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return triggers.stream().filter(each -> each.takes(text, session)).findFirst();
    }

    private void open(Socket client) {
        var link = new Link(this, client, protocol.get(), links::remove);
        links.add(link);
        link.start(new InetSocketAddress(host, target));
    }

    /** Resets what is open. */
    @Override
    public void close() {
        listener.close();
        disarmAll();
        resetAll();
    }
}
