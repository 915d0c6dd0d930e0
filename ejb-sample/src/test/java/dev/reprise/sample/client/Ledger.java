// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import dev.reprise.sample.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the clients of one bank were told about each transfer: the one side of the comparison, kept outside of all that is
 * tested. Thread-safe.
 */
public final class Ledger {

    private final List<@Nullable Outcome> told = new ArrayList<>(); // null: no answer so far
    private final Map<Integer, String> said = new HashMap<>();
    private List<Integer> acknowledged = new ArrayList<>();

    /** @return the id of a new transfer; ids are counted from 0 and never used again */
    public synchronized int open() {
        told.add(null);
        return told.size() - 1;
    }

    public synchronized void close(int transfer, Outcome outcome) {
        told.set(transfer, outcome);
        if (outcome == Outcome.COMMITTED) {
            acknowledged.add(transfer);
        }
    }

    /** @param text what the client was told in full; kept of the outcomes that have to be explained */
    public synchronized void close(int transfer, Outcome outcome, String text) {
        close(transfer, outcome);
        if (outcome == Outcome.UNKNOWN || outcome == Outcome.DUPLICATE) {
            said.put(transfer, text);
        }
    }

    /** How many transfers there are. */
    public synchronized int size() {
        return told.size();
    }

    /**
     * What the clients of one outcome were told in full, by transfer.
     *
     * @param outcome UNKNOWN or DUPLICATE
     */
    public synchronized Map<Integer, String> said(Outcome outcome) {
        return transfers(outcome).stream()
                .filter(said::containsKey)
                .collect(
                        Collectors.toMap(transfer -> transfer, transfer -> Objects.requireNonNull(said.get(transfer))));
    }

    /** How many transfers were told so. */
    public synchronized int count(Outcome outcome) {
        return transfers(outcome).size();
    }

    /** The transfers that were acknowledged since the last call. */
    public synchronized List<Integer> takeAcknowledged() {
        List<Integer> taken = acknowledged;
        acknowledged = new ArrayList<>();
        return taken;
    }

    /** @param stored the ids of all transfers that the database has */
    public synchronized Comparison compare(Set<Integer> stored) {
        List<Integer> committed = transfers(Outcome.COMMITTED);
        return new Comparison(
                committed.size(),
                stored.size(),
                transfers(Outcome.UNKNOWN).size() + transfers(null).size(),
                committed.stream().filter(id -> !stored.contains(id)).toList(),
                transfers(Outcome.ROLLED_BACK).stream().filter(stored::contains).toList(),
                transfers(Outcome.DUPLICATE),
                stored.stream().filter(id -> id < 0 || id >= told.size()).toList());
    }

    /** The transfers that were told so; null: those whose clients got no answer. */
    public synchronized List<Integer> transfers(@Nullable Outcome outcome) {
        return IntStream.range(0, told.size())
                .filter(id -> told.get(id) == outcome)
                .boxed()
                .toList();
    }
}
