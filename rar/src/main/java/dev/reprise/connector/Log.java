// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import static org.jboss.logging.Logger.Level.DEBUG;
import static org.jboss.logging.Logger.Level.ERROR;
import static org.jboss.logging.Logger.Level.INFO;
import static org.jboss.logging.Logger.Level.WARN;

import java.lang.invoke.MethodHandles;
import org.jboss.logging.BasicLogger;
import org.jboss.logging.Logger;
import org.jboss.logging.annotations.Cause;
import org.jboss.logging.annotations.LogMessage;
import org.jboss.logging.annotations.Message;
import org.jboss.logging.annotations.MessageLogger;

/** Every message of the adapter, with its id. Ids are never used again for something else. */
@MessageLogger(projectCode = "REPRISE", length = 4)
interface Log extends BasicLogger {

    Log LOG = Logger.getMessageLogger(MethodHandles.lookup(), Log.class, "dev.reprise");

    @LogMessage(level = INFO)
    @Message(id = 1, value = "Connections to %s through %s: connect within %d ms, checked on match within %d ms")
    void activated(String database, String driver, long connectTimeoutMillis, long validationTimeoutMillis);

    @LogMessage(level = WARN)
    @Message(
            id = 2,
            value = "validateOnMatch=false: connections that died in the pool are handed out, and the application meets"
                    + " the failure")
    void notValidated();

    @LogMessage(level = WARN)
    @Message(
            id = 3,
            value = "The database behind %s is not known: a lost session can neither be ended nor shown to be gone,"
                    + " failures are read by their standard SQLState only, and a lost reply of COMMIT is unknown unless"
                    + " commitGuard=two-phase")
    void genericDatabase(String driver);

    @LogMessage(level = WARN)
    @Message(id = 4, value = "A physical connection of generation %d was lost: %s")
    void connectionLost(int generation, Throwable cause);

    @LogMessage(level = WARN)
    @Message(
            id = 5,
            value = "Generation %d is discarded (%s): its connections are replaced when they are next asked for")
    void generationDiscarded(int generation, String why);

    @LogMessage(level = WARN)
    @Message(id = 6, value = "Failed on the way: %s")
    void secondary(String attempt, @Cause Throwable cause);

    @LogMessage(level = WARN)
    @Message(id = 7, value = "The application left %d statements open; they were closed with their connection")
    void leftOpen(int statements);

    @LogMessage(level = WARN)
    @Message(
            id = 8,
            value = "The outcome of a local commit was lost, and this container has no way to be told so: it will say"
                    + " rolled back, which may be wrong. Use XATransaction")
    void unknownCannotBeTold(@Cause Throwable cause);

    @LogMessage(level = WARN)
    @Message(
            id = 9,
            value =
                    "commitGuard=none: where the reply of a commit is lost, nobody will know whether it was committed, and"
                            + " with MariaDB's binary log on a commit in one phase may not survive a crash of the server")
    void notGuarded();

    @LogMessage(level = WARN)
    @Message(id = 10, value = "The ledger %s cannot be used (%s): commits are guarded by %s")
    void noLedger(String table, String why, String guard);

    @LogMessage(level = INFO)
    @Message(id = 11, value = "Commits are guarded by %s")
    void guardedBy(String guard);

    @LogMessage(level = WARN)
    @Message(
            id = 12,
            value =
                    "The outcome of transaction %s could not be found out in time; the search goes on, and its result is"
                            + " logged")
    void outcomeOpen(String transaction);

    @LogMessage(level = WARN)
    @Message(id = 13, value = "The outcome of transaction %s is known now: %s")
    void outcomeFound(String transaction, Object outcome);

    @LogMessage(level = ERROR)
    @Message(
            id = 14,
            value =
                    "The outcome of transaction %s could not be found out within %d hours, and is not looked for any more:"
                            + " look into the database")
    void outcomeGivenUp(String transaction, long hours);

    @LogMessage(level = WARN)
    @Message(id = 15, value = "The database server lacks something: %s")
    void shortcoming(String what);

    @LogMessage(level = WARN)
    @Message(
            id = 16,
            value =
                    "The database cannot be reached (%s): until it can, one caller at a time tries, and the others wait for"
                            + " what he finds")
    void unreachable(Throwable cause);

    @LogMessage(level = INFO)
    @Message(id = 17, value = "The database is reached again, after %d ms")
    void reachedAgain(long millis);

    @LogMessage(level = INFO)
    @Message(
            id = 18,
            value =
                    "The sockets of %s cannot be looked at: a connection that is matched has to answer, unless it has within"
                            + " %d ms")
    void unseen(String driver, long trustWindowMillis);

    @LogMessage(level = WARN)
    @Message(
            id = 19,
            value = "requiredRole=any: connections to servers that take no writes are handed out, too; what is written"
                    + " there fails, and a commit there has no guard")
    void anyRole();

    @LogMessage(level = WARN)
    @Message(id = 20, value = "New connections go to %s now")
    void connectedElsewhere(String endpoint);

    @LogMessage(level = WARN)
    @Message(id = 21, value = "There are no XA transactions: %s")
    void withoutXa(String why);

    @LogMessage(level = WARN)
    @Message(id = 22, value = "A statement was left open; the stack is the one that opened it")
    void openedHere(@Cause Throwable opener);

    @LogMessage(level = WARN)
    @Message(
            id = 25,
            value = "Nothing guards the commits of local transactions here: a lost COMMIT is unknown, and next to an XA"
                    + " resource (as a last resource) it is reported as rolled back, which may be wrong. The ledger guards"
                    + " them")
    void localNotGuarded();

    @LogMessage(level = WARN)
    @Message(
            id = 28,
            value = "Connections to %s are not encrypted: what is sent can be read and changed on the way. TLS is an"
                    + " option of the driver; requireVerifiedTls=true insists on it")
    void notEncrypted(String endpoint);

    @LogMessage(level = WARN)
    @Message(
            id = 29,
            value =
                    "A lost transaction was run again on another connection: %d calls, %d ms after the loss; what they gave"
                            + " is what they had given before (%d transactions so far)")
    void replayed(int calls, long millis, long soFar);

    @LogMessage(level = WARN)
    @Message(
            id = 30,
            value =
                    "A lost transaction was not run again, and is rolled back: %s (%d transactions so far for this kind of"
                            + " reason)")
    void notReplayed(String why, long soFar);

    @LogMessage(level = DEBUG)
    @Message(
            id = 31,
            value =
                    "A transaction that the database had undone in favour of another one was run again: %d calls, %d ms;"
                            + " what they gave is what they had given before (%d transactions so far)")
    void replayedAfterConflict(int calls, long millis, long soFar);

    @LogMessage(level = DEBUG)
    @Message(
            id = 32,
            value = "A transaction that the database had undone in favour of another one was not run again: %s (%d"
                    + " transactions so far for this kind of reason)")
    void notReplayedAfterConflict(String why, long soFar);
}
