CREATE TABLE discussions_threads (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    anchor TEXT,
    context TEXT,
    is_resolvable INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    resolved_us INTEGER,
    resolved_by INTEGER
) STRICT;

CREATE INDEX discussions_threads_by_subject ON discussions_threads (subject, id);

CREATE TABLE discussions_comments (
    id INTEGER PRIMARY KEY,
    thread_id INTEGER NOT NULL REFERENCES discussions_threads (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
) STRICT;

CREATE INDEX discussions_comments_by_thread ON discussions_comments (thread_id, id);
