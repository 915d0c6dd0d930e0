// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** A transaction for a test outside the server: {@code POST ?link=A&link=B} writes the rows 1 and 2, one on each. */
@WebServlet("/")
@SuppressWarnings({"NullAway.Init", "serial"}) // the container injects, and does not serialize
public class TransactionServlet extends HttpServlet {

    @EJB
    private transient RequiredBean required;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException {
        String[] links = request.getParameterValues("link");
        try {
            required.call(() -> {
                for (int i = 0; i < links.length; i++) {
                    Rows.insert(Link.valueOf(links[i]).dataSource(), i + 1);
                }
            });
        } catch (Exception e) { // of any kind: the server makes an answer of it
            throw new ServletException(e);
        }
    }
}
