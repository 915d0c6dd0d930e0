// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.sql.DataSource;

/**
 * A transaction that is run again, for a test outside the server: {@code POST ?id=7&jndi=A&jndi=B} writes the row 7, on
 * each data source. The answer is the {@link Told.Outcome} that its caller was told, and on further lines why.
 */
@WebServlet("/")
@SuppressWarnings({"BanJNDI", "NullAway.Init", "serial"}) // the test says which names, the container injects
public class RetriedServlet extends HttpServlet {

    @EJB
    private transient PatientBean patient;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int id = Integer.parseInt(request.getParameter("id"));
        Told told = Told.by(() -> patient.call(() -> {
            for (String name : request.getParameterValues("jndi")) {
                DataSource dataSource = InitialContext.doLookup(name);
                Rows.insert(dataSource, id);
            }
        }));
        response.getWriter().println(told.outcome());
        response.getWriter().println(told);
    }
}
