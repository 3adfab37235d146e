-- Addresses that want to know what happens in a project's registry. events: names joined by blanks, with one before and after each.
-- secret is protected with a key of the data folder.
CREATE TABLE registry_hooks (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT,
    active INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_hooks_project ON registry_hooks (project_id, id);

-- What is still to be sent; a delivery that arrived, or was given up, is gone.
CREATE TABLE registry_deliveries (
    id INTEGER PRIMARY KEY,
    hook_id INTEGER NOT NULL REFERENCES registry_hooks (id),
    uid TEXT NOT NULL,
    body TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_us INTEGER NOT NULL
) STRICT;
CREATE INDEX registry_deliveries_due ON registry_deliveries (due_us);
CREATE INDEX registry_deliveries_hook ON registry_deliveries (hook_id);
