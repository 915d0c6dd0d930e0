// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample;

import jakarta.ejb.EJB;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.inject.Inject;
import jakarta.transaction.RollbackException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Map;
import java.util.SortedMap;

/** The bank over HTTP: each answer says what is known about the transaction, and never guesses. */
@Path("")
@Produces(MediaType.APPLICATION_JSON)
@SuppressWarnings("NullAway.Init") // the container injects
public class BankResource {

    @EJB
    private Bank bank;

    @EJB
    private BankOnWildFly bankOnWildFly;

    @EJB
    private BankOnSecond bankOnSecond;

    @EJB
    private BankOnBoth bankOnBoth;

    @EJB
    private Teller teller;

    @Inject
    private Counters counters;

    /** The body of an answer. */
    public record Answer(Outcome outcome, String why) {}

    /** What the page shows. */
    public record View(Map<Outcome, Long> told, long retried, long stored, SortedMap<Integer, Long> balances) {}

    @POST
    @Path("{half}/transfers/{id}")
    public Response transfer(
            @PathParam("half") Half half,
            @PathParam("id") String id,
            @QueryParam("from") int from,
            @QueryParam("to") int to,
            @QueryParam("amount") long amount) {
        Transfer transfer;
        try {
            transfer = new Transfer(id, from, to, amount);
        } catch (IllegalArgumentException e) {
            return Response.status(Response.Status.BAD_REQUEST)
                    .entity(new Answer(Outcome.ROLLED_BACK, String.valueOf(e.getMessage())))
                    .build();
        }
        Answer answer = transfer(half, transfer);
        counters.told(half, answer.outcome());
        return response(answer);
    }

    private Answer transfer(Half half, Transfer transfer) {
        try {
            bank(half).transfer(transfer);
            return new Answer(Outcome.COMMITTED, "");
        } catch (AlreadyStoredException e) {
            return new Answer(Outcome.DUPLICATE, String.valueOf(e.getMessage()));
        } catch (RefusedException | SQLException | RollbackException e) {
            return new Answer(Outcome.ROLLED_BACK, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // TransactionOutcomeUnknownException, and whatever nobody thought of
            return new Answer(Outcome.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    /** Always on Reprise. */
    @POST
    @Path("accounts/{id}/deposits")
    public Response deposit(@PathParam("id") int id, @QueryParam("amount") long amount) {
        try {
            return response(new Answer(Outcome.COMMITTED, "balance " + teller.deposit(id, amount)));
        } catch (RefusedException | EJBTransactionRolledbackException e) {
            return response(new Answer(Outcome.ROLLED_BACK, String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return response(new Answer(Outcome.UNKNOWN, String.valueOf(e.getMessage())));
        }
    }

    private static Response response(Answer answer) {
        return Response.status(answer.outcome().status()).entity(answer).build();
    }

    @GET
    @Path("{half}")
    public View view(@PathParam("half") Half half) throws SQLException, RollbackException {
        Map<Outcome, Long> told = counters.told(half); // first, so that what was told is among what is stored
        long retried = counters.retried(half);
        return new View(told, retried, bank(half).stored(), bank(half).balances());
    }

    private Bank bank(Half half) {
        return switch (half) {
            case REPRISE -> bank;
            case WILDFLY -> bankOnWildFly;
            case SECOND -> bankOnSecond;
            case BOTH -> bankOnBoth;
        };
    }
}
