// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.client;

import dev.reprise.sample.Half;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/** Asks for one transfer between two accounts at random, and notes what it was told, for each {@link #run}. */
public record Client(RemoteBank bank, Ledger ledger, RandomGenerator random) implements Runnable {

    private static final int ACCOUNTS = 10;

    @Override
    public void run() {
        int one = random.nextInt(ACCOUNTS);
        if (bank.half() == Half.BOTH) {
            int other = ACCOUNTS + random.nextInt(ACCOUNTS);
            boolean back = random.nextBoolean();
            transfer(back ? other : one, back ? one : other);
        } else {
            transfer(one, (one + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS);
        }
    }

    private void transfer(int from, int to) {
        int transfer = ledger.open();
        bank.transfer(transfer, from + 1, to + 1, 1 + random.nextInt(100))
                .ifPresent(answer -> ledger.close(
                        transfer,
                        answer.outcome(),
                        LocalTime.now(ZoneId.systemDefault()) + " " + bank.half() + " " + answer.text()));
    }
}
