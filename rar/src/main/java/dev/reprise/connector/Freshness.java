// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.time.Duration;

/**
 * When a pooled connection is asked before it is handed out.
 *
 * @param onMatch whether it is checked at all
 * @param timeout how long it may take to answer
 * @param trusted for how long after an answer of the server it is not asked again; zero: not at all
 * @param pingAfterIdle after how long without use it has to answer, whatever its socket looks like
 * @param maxLifetime how old it may be; zero: of any age
 * @param keepalive how often an idle one is used; zero: never
 */
record Freshness(
        boolean onMatch,
        Duration timeout,
        Duration trusted,
        Duration pingAfterIdle,
        Duration maxLifetime,
        Duration keepalive) {

    static Freshness of(WrittenProperties properties) {
        return new Freshness(
                properties.flag("validateOnMatch", true),
                properties.millis("validationTimeoutMillis", 2_000),
                properties.millisOrZero("trustWindowMillis", 500),
                properties.millisOrZero("pingAfterIdleMillis", 5_000),
                properties.secondsOrZero("maxLifetimeSeconds", 1_800),
                properties.secondsOrZero("keepaliveSeconds", 120));
    }
}
