// SPDX-License-Identifier: Apache-2.0
package dev.reprise.database;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/** A data source with one property of each kind; it has no database. */
public final class StubDataSource implements XADataSource {

    int size;
    long length;
    boolean strict;

    public void setSize(int size) {
        this.size = size;
    }

    public void setLength(long length) {
        this.length = length;
    }

    public void setStrict(boolean strict) {
        this.strict = strict;
    }

    public void setRefused(String value) {
        if (!value.isEmpty()) {
            throw new IllegalStateException("never");
        }
    }

    @Override
    public XAConnection getXAConnection() throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public XAConnection getXAConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }
}
