CREATE TABLE accounts_people (
    id INTEGER NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT NULL,
    is_admin INTEGER NOT NULL DEFAULT 0,
    blocked INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts_sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES accounts_people (id) ON DELETE CASCADE,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts_tokens (
    id INTEGER NOT NULL PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES accounts_people (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    expires_us INTEGER NULL,
    last_used_us INTEGER NULL,
    revoked INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX accounts_tokens_person ON accounts_tokens (person_id, id);

-- One-time links: the first administrator's setup, and links that let a new person choose a password.
CREATE TABLE accounts_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    person_id INTEGER NULL REFERENCES accounts_people (id) ON DELETE CASCADE,
    expires_us INTEGER NOT NULL
) STRICT;
