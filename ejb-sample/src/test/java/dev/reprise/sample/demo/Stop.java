// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Somebody wants the demo to end: Ctrl-C, SIGTERM, or the process that started it is gone. Signals are handled instead of
 * left to shutdown hooks, so that the demo can still compare, say so, and clean up in order.
 */
final class Stop {

    private final CountDownLatch wanted = new CountDownLatch(1);

    @SuppressWarnings("FutureReturnValueIgnored") // counting down cannot fail
    Stop listening() {
        listen("INT");
        listen("TERM");
        ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(wanted::countDown));
        return this;
    }

    /** By reflection: sun.misc.Signal is there on every JDK, but cannot be compiled against without a warning. */
    private void listen(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object handling = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        wanted.countDown();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handling);
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
