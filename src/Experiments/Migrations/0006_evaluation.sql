-- Programs that judge answers, as their client serialized them: texts, never executed here.
CREATE TABLE experiments_scorers (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    name TEXT NOT NULL,
    UNIQUE (experiment_id, name)
) STRICT;

CREATE TABLE experiments_scorer_versions (
    scorer_id INTEGER NOT NULL REFERENCES experiments_scorers (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (scorer_id, number)
) STRICT, WITHOUT ROWID;

-- Questions with what is expected of their answers. schema and profile are JSON.
CREATE TABLE experiments_question_sets (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    schema TEXT,
    digest TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    created_by TEXT,
    updated_by TEXT
) STRICT;
CREATE INDEX experiments_question_sets_project ON experiments_question_sets (project_id, created_ms);

CREATE TABLE experiments_question_set_tags (
    set_id INTEGER NOT NULL REFERENCES experiments_question_sets (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (set_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiments_question_set_links (
    id INTEGER PRIMARY KEY,
    set_id INTEGER NOT NULL REFERENCES experiments_question_sets (id),
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    UNIQUE (set_id, experiment_id)
) STRICT;

-- All but the hash, which makes the inputs unique, is JSON.
CREATE TABLE experiments_questions (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    set_id INTEGER NOT NULL REFERENCES experiments_question_sets (id),
    hash TEXT NOT NULL,
    inputs TEXT NOT NULL,
    outputs TEXT,
    expectations TEXT,
    tags TEXT,
    source TEXT,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    created_by TEXT,
    updated_by TEXT,
    UNIQUE (set_id, hash)
) STRICT;
