-- What a program did when it answered once: a tree of spans. uid is the client's, unique in the project alone.
-- pipeline_id: of the job that began it; null for people.
CREATE TABLE experiments_traces (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    project_id INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL REFERENCES experiments_experiments (id),
    started_ms INTEGER NOT NULL,
    duration_ms INTEGER,
    state INTEGER NOT NULL,
    request_uid TEXT,
    request_preview TEXT,
    response_preview TEXT,
    keeps_spans INTEGER NOT NULL,
    pipeline_id INTEGER,
    UNIQUE (project_id, uid)
) STRICT;
CREATE INDEX experiments_traces_started ON experiments_traces (experiment_id, started_ms, uid);

-- Tags, which change, and metadata, which does not.
CREATE TABLE experiments_trace_notes (
    trace_id INTEGER NOT NULL REFERENCES experiments_traces (id),
    is_tag INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (trace_id, is_tag, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiments_trace_notes_value ON experiments_trace_notes (name, value);

-- body is the whole span; content and attributes are the beginning of what searches look at.
CREATE TABLE experiments_spans (
    trace_id INTEGER NOT NULL REFERENCES experiments_traces (id),
    uid TEXT NOT NULL,
    parent_uid TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    started_ns INTEGER NOT NULL,
    ended_ns INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    content TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (trace_id, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE experiments_trace_links (
    trace_id INTEGER NOT NULL REFERENCES experiments_traces (id),
    candidate_uid TEXT NOT NULL,
    PRIMARY KEY (trace_id, candidate_uid)
) STRICT, WITHOUT ROWID;

-- What somebody, or a program, thinks of a trace or of a span of it. value, error and metadata are JSON.
CREATE TABLE experiments_assessments (
    id INTEGER PRIMARY KEY,
    trace_id INTEGER NOT NULL REFERENCES experiments_traces (id),
    uid TEXT NOT NULL,
    name TEXT NOT NULL,
    is_expectation INTEGER NOT NULL,
    value TEXT NOT NULL,
    error TEXT,
    source_type TEXT NOT NULL,
    source_id TEXT NOT NULL,
    span_uid TEXT,
    rationale TEXT,
    metadata TEXT,
    overrides TEXT,
    valid INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    UNIQUE (trace_id, uid)
) STRICT;
