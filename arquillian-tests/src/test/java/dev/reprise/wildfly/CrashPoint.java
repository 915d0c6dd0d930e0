// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import dev.reprise.testsupport.FaultKind;
import dev.reprise.wildfly.Byteman.Place;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A point between START and the end of phase two, at which WildFly dies.
 *
 * @param links the data sources of the transaction, in the order in which they are used
 * @param prepared how many branches the databases have prepared then
 * @param rows what is stored when recovery has finished: all that the transaction wrote, or nothing
 */
record CrashPoint(Kind kind, List<Link> links, Trap trap, int prepared, int rows) {

    /** Of transaction. */
    enum Kind {
        TWO_PHASE,
        ONE_PHASE,
        /** The application has it rolled back. */
        ROLLED_BACK,
        /** The PREPARE of the second does not reach its database, so the first is rolled back although prepared. */
        NOT_PREPARED
    }

    /** How the point is found. */
    sealed interface Trap {}

    /** The JVM halts itself at this call of the method; counted from 1. */
    record InCode(Place place, int call) implements Trap {

        /** Also of the rule. */
        @Override
        public String toString() {
            String type = place.type().substring(place.type().lastIndexOf('.') + 1);
            return type + "." + place.method() + " " + call + " " + place.location();
        }
    }

    /** The server is killed while a request is held, or when it was answered and the answer has not arrived. */
    record OnTheLink(Link link, String request, FaultKind fault) implements Trap {
        @Override
        public String toString() {
            return (fault == FaultKind.PAUSE_BEFORE ? "before " : "after ") + request + " of " + link;
        }
    }

    /** For {@link TransactionServlet}. */
    String query() {
        String query = links.stream().map(link -> "link=" + link).collect(Collectors.joining("&"));
        return kind == Kind.ROLLED_BACK ? query + "&fail=true" : query;
    }

    /** Whether both leave the same work to recovery. */
    boolean isLike(CrashPoint other) {
        return kind == other.kind && links.equals(other.links) && prepared == other.prepared && rows == other.rows;
    }

    @Override
    public String toString() {
        return kind + " " + links + " " + trap;
    }
}
