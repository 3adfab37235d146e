-- Numbers of states, reference kinds and occasions are those of the enums JobStatus, RefKind and JobWhen.
CREATE TABLE pipelines_pipelines (
    id               INTEGER PRIMARY KEY,
    iid              INTEGER NOT NULL,
    project_id       INTEGER NOT NULL,
    ref              TEXT NOT NULL,
    ref_kind         INTEGER NOT NULL,
    sha              TEXT NOT NULL,
    before_sha       TEXT NOT NULL,
    status           INTEGER NOT NULL,
    source           TEXT NOT NULL,
    person_id        INTEGER,
    name             TEXT,
    created_us       INTEGER NOT NULL,
    updated_us       INTEGER NOT NULL,
    started_us       INTEGER,
    finished_us      INTEGER,
    errors           TEXT,
    merge_request_iid INTEGER,
    context          TEXT NOT NULL,
    cancel_on_failure INTEGER NOT NULL DEFAULT 0,
    ref_protected    INTEGER NOT NULL DEFAULT 0,
    once_key         TEXT UNIQUE,
    UNIQUE (project_id, iid)
) STRICT;

CREATE INDEX pipelines_pipelines_sha ON pipelines_pipelines (project_id, sha);
CREATE INDEX pipelines_pipelines_ref ON pipelines_pipelines (project_id, ref, id);

CREATE TABLE pipelines_jobs (
    id               INTEGER PRIMARY KEY,
    pipeline_id      INTEGER NOT NULL REFERENCES pipelines_pipelines (id),
    project_id       INTEGER NOT NULL,
    position         INTEGER NOT NULL,
    name             TEXT NOT NULL,
    stage            TEXT NOT NULL,
    stage_index      INTEGER NOT NULL,
    status           INTEGER NOT NULL,
    allow_failure    INTEGER NOT NULL,
    start_when       INTEGER NOT NULL,
    created_us       INTEGER NOT NULL,
    queued_us        INTEGER,
    started_us       INTEGER,
    finished_us      INTEGER,
    touched_us       INTEGER,
    due_us           INTEGER,
    failure_reason   TEXT,
    failure_note     TEXT,
    exit_code        INTEGER,
    retried          INTEGER NOT NULL DEFAULT 0,
    attempt          INTEGER NOT NULL DEFAULT 1,
    after_interruption INTEGER NOT NULL DEFAULT 0,
    person_id        INTEGER,
    runner_id        INTEGER,
    system_id        TEXT,
    cancels_gracefully INTEGER NOT NULL DEFAULT 0,
    token_hash       TEXT,
    timeout_seconds  INTEGER NOT NULL,
    resource_group   TEXT,
    tags             TEXT NOT NULL,
    log_size         INTEGER NOT NULL DEFAULT 0,
    log_resent       INTEGER NOT NULL DEFAULT 0,
    coverage         REAL,
    plan             TEXT NOT NULL
) STRICT;

CREATE INDEX pipelines_jobs_pipeline ON pipelines_jobs (pipeline_id);
CREATE INDEX pipelines_jobs_project ON pipelines_jobs (project_id, id);
CREATE INDEX pipelines_jobs_status ON pipelines_jobs (status, id);
CREATE INDEX pipelines_jobs_token ON pipelines_jobs (token_hash);

-- A person starts with one runner; a runner may be many machines.
CREATE TABLE pipelines_runners (
    id               INTEGER PRIMARY KEY,
    kind             TEXT NOT NULL,
    project_id       INTEGER,
    group_id         INTEGER,
    description      TEXT NOT NULL,
    token_hash       TEXT NOT NULL UNIQUE,
    short_token      TEXT NOT NULL,
    tags             TEXT NOT NULL,
    run_untagged     INTEGER NOT NULL,
    locked           INTEGER NOT NULL,
    paused           INTEGER NOT NULL,
    access_level     TEXT NOT NULL,
    timeout_max      INTEGER,
    note             TEXT NOT NULL,
    built_in         INTEGER NOT NULL DEFAULT 0,
    person_id        INTEGER,
    created_us       INTEGER NOT NULL,
    contacted_us     INTEGER
) STRICT;

CREATE TABLE pipelines_machines (
    id               INTEGER PRIMARY KEY,
    runner_id        INTEGER NOT NULL REFERENCES pipelines_runners (id) ON DELETE CASCADE,
    system_id        TEXT NOT NULL,
    details          TEXT NOT NULL,
    address          TEXT NOT NULL,
    created_us       INTEGER NOT NULL,
    contacted_us     INTEGER NOT NULL,
    UNIQUE (runner_id, system_id)
) STRICT;

CREATE TABLE pipelines_artifacts (
    id               INTEGER PRIMARY KEY,
    job_id           INTEGER NOT NULL REFERENCES pipelines_jobs (id),
    type             TEXT NOT NULL,
    format           TEXT NOT NULL,
    filename         TEXT NOT NULL,
    hash             TEXT NOT NULL,
    size             INTEGER NOT NULL,
    created_us       INTEGER NOT NULL,
    expires_us       INTEGER,
    UNIQUE (job_id, type)
) STRICT;

-- What an archive holds, so that it can be browsed without opening it.
CREATE TABLE pipelines_artifact_files (
    artifact_id      INTEGER NOT NULL REFERENCES pipelines_artifacts (id) ON DELETE CASCADE,
    path             TEXT NOT NULL,
    size             INTEGER NOT NULL,
    PRIMARY KEY (artifact_id, path)
) STRICT, WITHOUT ROWID;

-- What a dotenv report hands on to the jobs after it.
CREATE TABLE pipelines_dotenv (
    job_id           INTEGER NOT NULL REFERENCES pipelines_jobs (id),
    position         INTEGER NOT NULL,
    key              TEXT NOT NULL,
    value            TEXT NOT NULL,
    PRIMARY KEY (job_id, position)
) STRICT;

CREATE TABLE pipelines_variables (
    id               INTEGER PRIMARY KEY,
    project_id       INTEGER NOT NULL,
    key              TEXT NOT NULL,
    sealed_value     BLOB NOT NULL,
    masked           INTEGER NOT NULL,
    protected        INTEGER NOT NULL,
    file             INTEGER NOT NULL,
    raw              INTEGER NOT NULL,
    environment_scope TEXT NOT NULL,
    created_us       INTEGER NOT NULL,
    UNIQUE (project_id, key, environment_scope)
) STRICT;
