-- SPDX-License-Identifier: Apache-2.0
-- The ledger for PostgreSQL: one row for each connection. To be created where the application's user may select, insert
-- and update; new connections use it from then on (commitGuard=auto or ledger).
create table reprise_slot (
    slot       integer      generated always as identity primary key,
    generation bigint       not null,
    owner      varchar(100) not null,
    holder     varchar(100) not null,
    xid        varchar(300) not null
);
