// SPDX-License-Identifier: Apache-2.0
package dev.reprise.wildfly;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import javax.sql.DataSource;

/** Names its data source as it likes; a descriptor of the application says which one it is. */
@Stateless
@SuppressWarnings("NullAway.Init") // the container injects
public class ReferringBean {

    @Resource(name = "jdbc/mapped")
    private DataSource mapped;

    public void insert(int id) throws Exception {
        Rows.insert(mapped, id);
    }
}
