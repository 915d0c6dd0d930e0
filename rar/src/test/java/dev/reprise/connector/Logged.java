// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the adapter has logged since this was made. */
final class Logged extends Handler implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger("dev.reprise");

    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    Logged() {
        LOGGER.addHandler(this);
    }

    @Override
    public void publish(LogRecord each) {
        records.add(each);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }

    List<String> messages() {
        return records.stream().map(LogRecord::getMessage).toList();
    }

    /** @param id as it stands in the log, for instance {@code REPRISE0005} */
    long count(String id) {
        return messages().stream().filter(message -> message.startsWith(id)).count();
    }

    /** The first frame outside the adapter's wrappers of each stack that says who opened a statement. */
    List<String> openers() {
        return records.stream()
                .filter(each -> each.getMessage().startsWith("REPRISE0022"))
                .map(each -> Arrays.stream(each.getThrown().getStackTrace())
                        .map(StackTraceElement::getClassName)
                        .filter(name -> !name.startsWith("dev.reprise.jdbc."))
                        .findFirst()
                        .orElse("none"))
                .toList();
    }

    /** All of it, with what was thrown. */
    String text() {
        var text = new StringBuilder();
        for (LogRecord each : records) {
            text.append(each.getMessage()).append('\n');
            for (Throwable cause = each.getThrown(); cause != null; cause = cause.getCause()) {
                text.append(cause).append('\n');
            }
        }
        return text.toString();
    }
}
