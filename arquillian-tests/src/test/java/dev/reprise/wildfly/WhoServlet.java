// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** Says as whom the database knows the data source that the request names. */
@WebServlet("/who")
public class WhoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    @SuppressWarnings("BanJNDI") // the test says which name
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            DataSource dataSource = InitialContext.doLookup(request.getParameter("jndi"));
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("select current_user()")) {
                row.next();
                response.getWriter().print(row.getString(1));
            }
        } catch (NamingException | SQLException e) {
            response.getWriter().print(e);
        }
    }
}
