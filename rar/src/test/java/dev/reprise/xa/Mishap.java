// SPDX-License-Identifier: Apache-2.0
package dev.reprise.xa;

import dev.reprise.testsupport.FaultProxy;
import dev.reprise.testsupport.Pause;
import dev.reprise.testsupport.RequestFault;
import java.sql.SQLException;

/** What can happen to a request on its way, and whether the server has carried it out all the same. */
public enum Mishap {
    CUT_BEFORE(false) {
        @Override
        void arm(Bench bench, RequestFault request, long session) {
            request.cutBefore();
        }
    },
    REPLY_LOST(true) {
        @Override
        void arm(Bench bench, RequestFault request, long session) {
            request.cutAfter();
        }
    },
    STALLED(false) {
        @Override
        void arm(Bench bench, RequestFault request, long session) {
            request.stallBefore();
        }
    },
    REPLY_STALLED(true) {
        @Override
        void arm(Bench bench, RequestFault request, long session) {
            request.loseReplyAndStall();
        }
    },
    /** The session is ended when the request is on its way. */
    KILLED(false) {
        @Override
        void arm(Bench bench, RequestFault request, long session) {
            Pause pause = request.pauseBefore();
            var killer = new Thread(() -> {
                try {
                    pause.awaitReached(Bench.SOON);
                    bench.kill(session);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                } finally {
                    pause.release();
                }
            });
            killer.setDaemon(true);
            killer.start();
        }
    };

    private final boolean done;

    Mishap(boolean done) {
        this.done = done;
    }

    /** Whether the server did what it was asked for. */
    public boolean done() {
        return done;
    }

    abstract void arm(Bench bench, RequestFault request, long session);

    /** At the next request of this session that contains the text. */
    public void arm(Bench bench, String text, long session) {
        FaultProxy proxy = bench.proxy();
        arm(bench, proxy.onRequest(text).inSession(id -> id == session), session);
    }
}
