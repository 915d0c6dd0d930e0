// SPDX-License-Identifier: Apache-2.0
package dev.reprise.sample.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the adapter has said.
 *
 * @param messages how often, by the id of the message
 * @param found the outcomes that were unknown and found out later, by branch
 * @param losses of transactions
 */
record AdapterLog(SortedMap<String, Integer> messages, Map<String, String> found, Losses losses) {

    private static final Pattern ID = Pattern.compile("REPRISE\\d+");
    private static final Pattern FOUND = Pattern.compile("REPRISE0013: The outcome of transaction (\\S+) .*: (\\w+)");

    static AdapterLog of(Path log) {
        var read = new AdapterLog(new TreeMap<>(), new HashMap<>(), new Losses());
        try (Stream<String> lines = Files.lines(log)) {
            lines.forEach(read::read);
        } catch (IOException e) {
            throw new UncheckedIOException("The adapter has no log", e);
        }
        return read;
    }

    private void read(String line) {
        losses.read(line);
        Matcher id = ID.matcher(line);
        if (id.find()) {
            messages.merge(id.group(), 1, Integer::sum);
        }
        Matcher outcome = FOUND.matcher(line);
        if (outcome.find()) {
            found.put(outcome.group(1), outcome.group(2));
        }
    }
}
