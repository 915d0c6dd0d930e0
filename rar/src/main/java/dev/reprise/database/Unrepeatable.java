// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

/**
 * Why a statement may not be run again on another session.
 *
 * @param lasting whether the session may not be as a new one is, from then on
 */
public record Unrepeatable(String reason, boolean lasting) {}
