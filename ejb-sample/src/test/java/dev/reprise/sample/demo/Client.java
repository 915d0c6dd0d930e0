// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.demo;

import java.util.random.RandomGenerator;

/** Asks for one transfer between two accounts at random, and notes what it was told, for each {@link #run}. */
record Client(RemoteBank bank, Ledger ledger, RandomGenerator random) implements Runnable {

    private static final int ACCOUNTS = 10;

    @Override
    public void run() {
        int from = random.nextInt(ACCOUNTS);
        int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
        int transfer = ledger.open();
        ledger.close(transfer, bank.transfer(transfer, from + 1, to + 1, 1 + random.nextInt(100)));
    }
}
