-- Background work and the delivery of facts: a row until it is done. parked = gave up, waits for a person.
CREATE TABLE kernel_chores (
    id INTEGER NOT NULL PRIMARY KEY,
    handler TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    due_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    parked INTEGER NOT NULL DEFAULT 0,
    last_error TEXT NULL
) STRICT;

CREATE INDEX kernel_chores_due ON kernel_chores (handler, parked, due_us, id);
