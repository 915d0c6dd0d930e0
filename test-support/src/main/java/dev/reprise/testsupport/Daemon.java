// SPDX-License-Identifier: Apache-2.0
package dev.reprise.testsupport;

/** Threads that do not keep the JVM alive. */
final class Daemon {

    private Daemon() {}

    static Thread start(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
