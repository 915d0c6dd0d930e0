// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

/** What a test has a bean run. */
@FunctionalInterface
public interface Work {
    void run() throws Exception;
}
