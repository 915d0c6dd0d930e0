// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that we started, with its own children. */
final class Child {

    private static final long BOUND_SECONDS = 30;

    private final Process process;

    private Child(Process process) {
        this.process = process;
    }

    /** Ctrl-C in a terminal goes to all processes that were started from there; this one leaves it to us to end it. */
    static Child start(ProcessBuilder builder) {
        var command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"));
        command.addAll(builder.command());
        try {
            return new Child(builder.command(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException("Could not start " + command, e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** @throws IllegalStateException if it has not ended in time; it is killed */
    int awaitEnd(Duration timeout) {
        if (!Await.until(timeout, () -> !process.isAlive())) {
            kill();
            throw new IllegalStateException(
                    process.info().command().orElse("The process") + " did not end within " + timeout);
        }
        return process.exitValue();
    }

    /**
     * {@code SIGKILL} to it and its children; returns when they are gone. Looks, and is not told: {@code onExit} needs the
     * common pool, which has one thread on two processors since Java 25, and that may be a test's that waits for this.
     */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        if (!Await.until(
                Duration.ofSeconds(BOUND_SECONDS),
                () -> !process.isAlive() && all.stream().noneMatch(ProcessHandle::isAlive))) {
            throw new IllegalStateException("Still running after SIGKILL: " + all);
        }
    }

    /** {@code SIGTERM}; {@code SIGKILL} if it has not ended in time. */
    void stop(Duration timeout) {
        stop("TERM", timeout);
    }

    /** This signal; {@code SIGKILL} if it has not ended in time. */
    void stop(String signal, Duration timeout) {
        if (!process.isAlive()) {
            return;
        }
        signal(signal);
        if (!Await.until(timeout, () -> !process.isAlive())) {
            kill();
        }
    }

    /** @param name for instance {@code STOP} */
    void signal(String name) {
        send(name, process.toHandle());
    }

    /** To it and its children: one that is held makes no further ones. A child that ends meanwhile needs no signal. */
    void signalAll(String name) {
        signal(name);
        for (ProcessHandle child : process.descendants().toList()) {
            try {
                send(name, child);
            } catch (IllegalStateException e) {
                if (child.isAlive()) {
                    throw e;
                }
            }
        }
    }

    private static void send(String name, ProcessHandle receiver) {
        var command = List.of("kill", "-" + name, String.valueOf(receiver.pid()));
        int status = start(new ProcessBuilder(command).inheritIO()).awaitEnd(Duration.ofSeconds(BOUND_SECONDS));
        if (status != 0) {
            throw new IllegalStateException(command + " failed with " + status);
        }
    }
}
