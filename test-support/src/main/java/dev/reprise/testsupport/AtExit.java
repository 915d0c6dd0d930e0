// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

/** Something to be put in order when the JVM ends, unless this was closed before. */
final class AtExit implements AutoCloseable {

    private final Thread hook;

    AtExit(String name, Runnable task) {
        hook = new Thread(task, name);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending, and runs the task in any case
        }
    }
}
