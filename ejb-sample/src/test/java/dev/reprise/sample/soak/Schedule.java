// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** The faults in their order, without an end: the same for the same seed. Each round has all of them, shuffled. */
final class Schedule {

    /**
     * @param request at which it happens, where it happens at a request
     * @param half of a second, how long it lasts, where it lasts
     */
    record Step(Fault fault, Dialect site, String request, int half) {
        @Override
        public String toString() {
            return fault + " " + site + " " + request + " " + half;
        }
    }

    private final Random random;
    private final Deque<Step> round = new ArrayDeque<>();

    Schedule(long seed) {
        random = new Random(seed);
    }

    Step next() {
        if (round.isEmpty()) {
            round.addAll(shuffled());
        }
        return round.remove();
    }

    private List<Step> shuffled() {
        var steps = new ArrayList<Step>();
        for (Fault fault : Fault.values()) {
            for (Dialect site : Dialect.values()) {
                for (int i = 0; i < fault.times() && fault.happensTo(site); i++) {
                    steps.add(step(fault, site));
                }
            }
        }
        Fault.ofTheServer().forEach(fault -> steps.add(step(fault, Dialect.MARIADB)));
        Collections.shuffle(steps, random);
        return steps;
    }

    private Step step(Fault fault, Dialect site) {
        List<String> requests = site.requests();
        return new Step(fault, site, requests.get(random.nextInt(requests.size())), 1 + random.nextInt(8));
    }
}
