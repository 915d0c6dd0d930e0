// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Everything under {@code /bank/api}. */
@ApplicationPath("api")
public class Api extends Application {}
