-- Every move of a branch or tag, by a push or by the server. Zeros: did not exist. person_id 0: not known.
CREATE TABLE repositories_pushes (
    id INTEGER NOT NULL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    ref TEXT NOT NULL,
    before_sha TEXT NOT NULL,
    after_sha TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;

CREATE INDEX repositories_pushes_project ON repositories_pushes (project_id, id);

-- What is about to move, written before git moves it and removed with the record. One that is left after a crash is settled at the next start.
CREATE TABLE repositories_intents (
    id INTEGER NOT NULL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    updates TEXT NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
