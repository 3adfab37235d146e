CREATE TABLE experiments_experiments (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    iid INTEGER NOT NULL,
    name TEXT NOT NULL,
    location TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    UNIQUE (project_id, iid),
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE experiments_experiment_tags (
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (experiment_id, name)
) STRICT, WITHOUT ROWID;

-- job_id, pipeline_id, sha and ref are the origin: written once, from a job token, never from what a client says.
CREATE TABLE experiments_candidates (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    iid INTEGER NOT NULL,
    name TEXT NOT NULL,
    status INTEGER NOT NULL,
    started_us INTEGER NOT NULL,
    ended_us INTEGER,
    created_us INTEGER NOT NULL,
    person_id INTEGER,
    user_name TEXT NOT NULL,
    note TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    job_id INTEGER,
    pipeline_id INTEGER,
    sha TEXT,
    ref TEXT,
    UNIQUE (project_id, iid)
) STRICT;
CREATE INDEX experiments_candidates_started ON experiments_candidates (experiment_id, deleted, started_us, id);
CREATE INDEX experiments_candidates_job ON experiments_candidates (job_id);
CREATE INDEX experiments_candidates_sha ON experiments_candidates (project_id, sha);

-- Names of params, metrics and tags, once per project.
CREATE TABLE experiments_keys (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE experiments_params (
    candidate_id INTEGER NOT NULL REFERENCES experiments_candidates (id),
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (candidate_id, key_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiments_params_value ON experiments_params (key_id, value);

CREATE TABLE experiments_tags (
    candidate_id INTEGER NOT NULL REFERENCES experiments_candidates (id),
    key_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (candidate_id, key_id)
) STRICT, WITHOUT ROWID;

-- Every point ever logged; rows are added, never changed. NaN is stored as 0 with its flag.
CREATE TABLE experiments_points (
    candidate_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    value REAL NOT NULL,
    is_nan INTEGER NOT NULL,
    PRIMARY KEY (candidate_id, key_id, step, at_ms, value, is_nan)
) STRICT, WITHOUT ROWID;

-- The latest point of each metric: the greatest by step, then time, then value. Lists and searches read this alone.
CREATE TABLE experiments_latest (
    candidate_id INTEGER NOT NULL REFERENCES experiments_candidates (id),
    key_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    value REAL NOT NULL,
    is_nan INTEGER NOT NULL,
    PRIMARY KEY (candidate_id, key_id)
) STRICT, WITHOUT ROWID;

-- candidate_id 0: files of the project that belong to no candidate.
CREATE TABLE experiments_files (
    project_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    PRIMARY KEY (project_id, candidate_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiments_datasets (
    id INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source TEXT NOT NULL,
    schema TEXT,
    profile TEXT,
    UNIQUE (experiment_id, name, digest)
) STRICT;

CREATE TABLE experiments_inputs (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES experiments_candidates (id),
    dataset_id INTEGER NOT NULL REFERENCES experiments_datasets (id),
    context TEXT,
    UNIQUE (candidate_id, dataset_id)
) STRICT;

CREATE TABLE experiments_input_tags (
    input_id INTEGER NOT NULL REFERENCES experiments_inputs (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (input_id, name)
) STRICT, WITHOUT ROWID;

-- A model that a candidate wrote while it trained; models of the registry are another thing.
CREATE TABLE experiments_checkpoints (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    project_id INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    candidate_uid TEXT,
    name TEXT NOT NULL,
    kind TEXT,
    status INTEGER NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL
) STRICT;
CREATE INDEX experiments_checkpoints_experiment ON experiments_checkpoints (experiment_id, name);

CREATE TABLE experiments_checkpoint_notes (
    checkpoint_id INTEGER NOT NULL REFERENCES experiments_checkpoints (id),
    is_param INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (checkpoint_id, is_param, name)
) STRICT, WITHOUT ROWID;

-- Checkpoints that a candidate read (step is null) or wrote.
CREATE TABLE experiments_checkpoint_links (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES experiments_candidates (id),
    checkpoint_uid TEXT NOT NULL,
    step INTEGER,
    is_output INTEGER NOT NULL,
    UNIQUE (candidate_id, checkpoint_uid, is_output)
) STRICT;
