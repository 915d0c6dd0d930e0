// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** All attributes of all MBeans of the server that can be read. */
@WebServlet("/beans")
public class BeansServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : beans.queryNames(null, null)) {
            print(beans, name, response.getWriter());
        }
    }

    private static void print(MBeanServer beans, ObjectName name, PrintWriter out) {
        try {
            for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                Object value = attribute.isReadable() ? beans.getAttribute(name, attribute.getName()) : "";
                out.println(name + " " + attribute.getName() + "="
                        + (value instanceof Object[] array ? Arrays.deepToString(array) : value));
            }
        } catch (JMException | RuntimeException e) {
            out.println(name + " " + e);
        }
    }
}
