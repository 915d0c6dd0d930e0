// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;

/** A transaction for a test outside the server: {@code POST ?resources=2} writes the rows 1 and 2 on as many data sources. */
@WebServlet("/")
@SuppressWarnings({"NullAway.Init", "serial"}) // the container injects, and does not serialize
public class TransactionServlet extends HttpServlet {

    @EJB
    private transient RequiredBean required;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        boolean two = Objects.equals(request.getParameter("resources"), "2");
        try {
            required.call(() -> {
                Rows.insert(Link.REPRISE.dataSource(), 1);
                if (two) {
                    Rows.insert(Link.SECOND.dataSource(), 2);
                }
            });
        } catch (Exception e) { // of any kind: the server makes an answer of it
            throw new ServletException(e);
        }
    }
}
