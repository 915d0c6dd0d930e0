// SPDX-License-Identifier: Apache-2.0
package dev.reprise.connector;

import jakarta.resource.spi.ConfigProperty;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator has written on a connection definition. Setters take any text and never throw, since WildFly
 * loses what they say; {@link Settings} checks it as a whole and knows the defaults. Where nothing was written, getters
 * return the empty text.
 */
public abstract class Configuration implements Serializable {

    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> written = new TreeMap<>();

    @ConfigProperty(description = "Password of the user", confidential = true)
    private String password = "";

    Configuration() {}

    /** By the names of the properties; the password is not among them. */
    final synchronized Map<String, String> written() {
        return Map.copyOf(written);
    }

    private synchronized String get(String property) {
        return written.getOrDefault(property, "");
    }

    private synchronized void set(String property, String value) {
        written.put(property, value);
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getXaDataSourceClass() {
        return get("xaDataSourceClass");
    }

    @ConfigProperty(description = "Class name of the driver's javax.sql.XADataSource")
    public void setXaDataSourceClass(String value) {
        set("xaDataSourceClass", value);
    }

    public String getUrl() {
        return get("url");
    }

    @ConfigProperty(description = "JDBC URL of the database: one host, without a password")
    public void setUrl(String value) {
        set("url", value);
    }

    public String getFailoverUrls() {
        return get("failoverUrls");
    }

    @ConfigProperty(
            description =
                    "Further JDBC URLs, separated by white space, tried in this order when the one before cannot be used")
    public void setFailoverUrls(String value) {
        set("failoverUrls", value);
    }

    public String getRequiredRole() {
        return get("requiredRole");
    }

    @ConfigProperty(description = "Which servers are used: primary (one that takes writes) or any")
    public void setRequiredRole(String value) {
        set("requiredRole", value);
    }

    public String getUser() {
        return get("user");
    }

    @ConfigProperty(description = "User, where the container does not sign on")
    public void setUser(String value) {
        set("user", value);
    }

    public String getDriverProperties() {
        return get("driverProperties");
    }

    @ConfigProperty(description = "Further properties of the driver: name=value;name=value")
    public void setDriverProperties(String value) {
        set("driverProperties", value);
    }

    public String getRequireVerifiedTls() {
        return get("requireVerifiedTls");
    }

    @ConfigProperty(description = "Whether the server must prove by its certificate who it is: true or false")
    public void setRequireVerifiedTls(String value) {
        set("requireVerifiedTls", value);
    }

    public String getConnectTimeoutMillis() {
        return get("connectTimeoutMillis");
    }

    @ConfigProperty(description = "How long a new connection may take for each answer, in milliseconds")
    public void setConnectTimeoutMillis(String value) {
        set("connectTimeoutMillis", value);
    }

    public String getControlTimeoutMillis() {
        return get("controlTimeoutMillis");
    }

    @ConfigProperty(description = "How long START, PREPARE, COMMIT and ROLLBACK may take to answer, in milliseconds")
    public void setControlTimeoutMillis(String value) {
        set("controlTimeoutMillis", value);
    }

    public String getValidateOnMatch() {
        return get("validateOnMatch");
    }

    @ConfigProperty(description = "Whether a pooled connection is checked before it is handed out: true or false")
    public void setValidateOnMatch(String value) {
        set("validateOnMatch", value);
    }

    public String getValidationTimeoutMillis() {
        return get("validationTimeoutMillis");
    }

    @ConfigProperty(description = "How long a pooled connection may take to answer when it is matched, in milliseconds")
    public void setValidationTimeoutMillis(String value) {
        set("validationTimeoutMillis", value);
    }

    public String getTrustWindowMillis() {
        return get("trustWindowMillis");
    }

    @ConfigProperty(
            description = "For how long after an answer of the server a connection is not asked again, in milliseconds")
    public void setTrustWindowMillis(String value) {
        set("trustWindowMillis", value);
    }

    public String getPingAfterIdleMillis() {
        return get("pingAfterIdleMillis");
    }

    @ConfigProperty(
            description =
                    "After how long without use a connection has to answer before it is handed out, in milliseconds")
    public void setPingAfterIdleMillis(String value) {
        set("pingAfterIdleMillis", value);
    }

    public String getMaxLifetimeSeconds() {
        return get("maxLifetimeSeconds");
    }

    @ConfigProperty(description = "How old a connection may be when it is handed out, in seconds; 0 = any age")
    public void setMaxLifetimeSeconds(String value) {
        set("maxLifetimeSeconds", value);
    }

    public String getKeepaliveSeconds() {
        return get("keepaliveSeconds");
    }

    @ConfigProperty(description = "How often an idle connection is used, so that nobody ends it, in seconds; 0 = never")
    public void setKeepaliveSeconds(String value) {
        set("keepaliveSeconds", value);
    }

    public String getNewConnectionSql() {
        return get("newConnectionSql");
    }

    @ConfigProperty(description = "A statement that each new connection runs first")
    public void setNewConnectionSql(String value) {
        set("newConnectionSql", value);
    }

    public String getTransactionIsolation() {
        return get("transactionIsolation");
    }

    @ConfigProperty(description = "Isolation of each new connection, such as READ_COMMITTED; empty: the server's")
    public void setTransactionIsolation(String value) {
        set("transactionIsolation", value);
    }

    public String getResetOnReturn() {
        return get("resetOnReturn");
    }

    @ConfigProperty(description = "Whether the server resets the session when a connection is returned: true or false")
    public void setResetOnReturn(String value) {
        set("resetOnReturn", value);
    }

    public String getTrackStatements() {
        return get("trackStatements");
    }

    @ConfigProperty(
            description =
                    "What becomes of statements left open: off (nothing), close, or warn (closed, and it is logged who opened them)")
    public void setTrackStatements(String value) {
        set("trackStatements", value);
    }

    public String getQueryTimeoutSeconds() {
        return get("queryTimeoutSeconds");
    }

    @ConfigProperty(description = "Query timeout of a statement that sets none, in seconds; 0 = none")
    public void setQueryTimeoutSeconds(String value) {
        set("queryTimeoutSeconds", value);
    }

    public String getQueryTimeoutFromTransaction() {
        return get("queryTimeoutFromTransaction");
    }

    @ConfigProperty(description = "Whether a statement may not take longer than its transaction may: true or false")
    public void setQueryTimeoutFromTransaction(String value) {
        set("queryTimeoutFromTransaction", value);
    }

    public String getRequireTransaction() {
        return get("requireTransaction");
    }

    @ConfigProperty(description = "Whether writing outside a transaction of the container is refused: true or false")
    public void setRequireTransaction(String value) {
        set("requireTransaction", value);
    }

    public String getCommitGuard() {
        return get("commitGuard");
    }

    @ConfigProperty(
            description =
                    "How the outcome of a commit is found out if its reply is lost: auto, ledger, two-phase, native (PostgreSQL) or none")
    public void setCommitGuard(String value) {
        set("commitGuard", value);
    }

    public String getGuardTimeoutSeconds() {
        return get("guardTimeoutSeconds");
    }

    @ConfigProperty(description = "For how long a commit may wait until its outcome is found out, in seconds")
    public void setGuardTimeoutSeconds(String value) {
        set("guardTimeoutSeconds", value);
    }

    public String getLedgerTable() {
        return get("ledgerTable");
    }

    @ConfigProperty(description = "Table of the ledger, with its schema if need be")
    public void setLedgerTable(String value) {
        set("ledgerTable", value);
    }

    public String getNodeName() {
        return get("nodeName");
    }

    @ConfigProperty(
            description =
                    "Names this server in the ledger: unique, and the same after a restart. Empty: from its host, name and folder")
    public void setNodeName(String value) {
        set("nodeName", value);
    }

    public String getFailoverFencing() {
        return get("failoverFencing");
    }

    @ConfigProperty(
            description =
                    "Whether a database server is cut off for good before another takes its place: guaranteed or none")
    public void setFailoverFencing(String value) {
        set("failoverFencing", value);
    }

    /** Equal if configured alike (Connectors 2.1, 6.5.3.1); the password counts. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Configuration configuration
                && written().equals(configuration.written())
                && password.equals(configuration.password);
    }

    @Override
    public int hashCode() {
        return written().hashCode();
    }

    public String getReplay() {
        return get("replay");
    }

    @ConfigProperty(
            description = "Whether a transaction whose connection is lost is run again on another one: on or off")
    public void setReplay(String value) {
        set("replay", value);
    }

    public String getReplayMaxCalls() {
        return get("replayMaxCalls");
    }

    @ConfigProperty(description = "How many calls of a transaction are kept to be made again")
    public void setReplayMaxCalls(String value) {
        set("replayMaxCalls", value);
    }

    public String getReplayMaxBytes() {
        return get("replayMaxBytes");
    }

    @ConfigProperty(description = "How many bytes of a transaction are kept to be made again")
    public void setReplayMaxBytes(String value) {
        set("replayMaxBytes", value);
    }

    public String getReplayTimeoutMillis() {
        return get("replayTimeoutMillis");
    }

    @ConfigProperty(
            description = "How long a transaction whose connection is lost may take until it has been run again")
    public void setReplayTimeoutMillis(String value) {
        set("replayTimeoutMillis", value);
    }
}
