// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly.matrix;

import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import dev.reprise.wildfly.RequiredBean;
import dev.reprise.wildfly.Told;
import dev.reprise.wildfly.Work;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * The application of the matrix.
 *
 * <ul>
 *   <li>{@code POST run}: a transaction; the answer begins with what was told, and how many milliseconds it took
 *   <li>{@code POST scan}: both passes of a recovery
 *   <li>{@code POST use}: uses as many connections at the same time as the pool has; the answer is empty if all work
 * </ul>
 */
@WebServlet("/*")
@SuppressWarnings({"NullAway.Init", "serial", "BanJNDI"}) // injected, never serialized, names of the test
public class MatrixServlet extends HttpServlet {

    @EJB
    private transient RequiredBean required;

    @Resource(lookup = "java:jboss/TransactionManager")
    private transient TransactionManager transactions;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain;charset=UTF-8");
        String answer = switch (request.getPathInfo()) {
            case "/run" -> run(request);
            case "/scan" -> scan();
            case "/use" -> use(request);
            default -> throw new ServletException(request.getPathInfo());
        };
        response.getWriter().print(answer);
    }

    private String run(HttpServletRequest request) {
        long start = System.nanoTime();
        Told told = Told.by(() -> within(seconds(request), () -> required.call(() -> work(request))));
        long took = Duration.ofNanos(System.nanoTime() - start).toMillis();
        return told.outcome() + " " + took + "\n" + told;
    }

    private static int seconds(HttpServletRequest request) {
        return Integer.parseInt(request.getParameter("seconds"));
    }

    /** The thread's timeout is that of the transactions that the container begins for beans. */
    private void within(int seconds, Work work) throws Exception {
        transactions.setTransactionTimeout(seconds);
        try {
            work.run();
        } finally {
            transactions.setTransactionTimeout(0);
        }
    }

    /** Any failure is one that the container rolls back for. */
    private void work(HttpServletRequest request) throws SystemException {
        String[] dataSources = request.getParameterValues("jndi");
        String[] tables = request.getParameterValues("table");
        for (int i = 0; i < dataSources.length; i++) {
            try (Connection connection = dataSource(dataSources[i]).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("insert into " + tables[i] + " values ('" + request.getParameter("key") + "')");
            } catch (SQLException e) {
                throw new IllegalStateException("The application has met " + e, e);
            }
        }
        if (Objects.equals(request.getParameter("rollback"), "true")) {
            throw new IllegalStateException("The application does not want to commit");
        }
    }

    private static DataSource dataSource(String name) {
        try {
            return InitialContext.doLookup(name);
        } catch (NamingException e) {
            throw new IllegalStateException(name + " is not there", e);
        }
    }

    private static String scan() {
        RecoveryManager.manager().scan();
        return "";
    }

    private static String use(HttpServletRequest request) {
        int count = Integer.parseInt(request.getParameter("count"));
        var open = new ArrayList<Connection>();
        try {
            for (int i = 0; i < count; i++) {
                Connection connection = dataSource(request.getParameter("jndi")).getConnection();
                open.add(connection);
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery("select 1").close();
                }
            }
            return "";
        } catch (SQLException e) {
            return "connection " + open.size() + ": " + e;
        } finally {
            open.forEach(MatrixServlet::close);
        }
    }

    private static void close(Connection connection) {
        Told closed = Told.by(connection::close);
        if (closed.failure() != null) {
            System.err.println("A connection could not be closed: " + closed);
        }
    }
}
