// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Somebody wants the demo to end: Ctrl-C or SIGTERM. Signals are handled instead of left to the JVM, so that the demo can
 * still compare, say so, and clean up in order; until it is closed.
 */
final class Stop implements AutoCloseable {

    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final Map<String, Object> handlersBefore = new HashMap<>();

    Stop listening() {
        for (String signal : List.of("INT", "TERM")) {
            handlersBefore.put(signal, handle(signal, handler()));
        }
        return this;
    }

    @Override
    public void close() {
        handlersBefore.forEach(Stop::handle);
        handlersBefore.clear();
    }

    private Object handler() {
        try {
            Class<?> type = Class.forName(HANDLER);
            return Proxy.newProxyInstance(
                    Stop.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        wanted.countDown();
                        return null;
                    });
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Signals cannot be handled", e);
        }
    }

    /** By reflection: these classes are there on every JDK, but cannot be compiled against without a warning. */
    private static Object handle(String name, Object handler) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            return signal.getMethod("handle", signal, Class.forName(HANDLER))
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled", e);
        }
    }

    boolean isWanted() {
        return wanted.getCount() == 0;
    }

    /** @return whether it is wanted; no later than after the timeout */
    boolean await(Duration timeout) {
        try {
            return wanted.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
