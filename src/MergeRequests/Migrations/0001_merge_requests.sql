CREATE TABLE merge_requests_requests (
    id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL,
    iid INTEGER NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    source_branch TEXT NOT NULL,
    target_branch TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    state INTEGER NOT NULL,
    draft INTEGER NOT NULL,
    head_sha TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    merged_us INTEGER,
    merged_by INTEGER,
    closed_us INTEGER,
    closed_by INTEGER,
    -- Where the target stood before the merge and after it.
    merged_from TEXT,
    merged_sha TEXT,
    UNIQUE (project_id, iid)
) STRICT;

CREATE INDEX merge_requests_by_state ON merge_requests_requests (project_id, state, id);

-- 1 opened, 2 merging: two open requests of one branch into the same target would be the same question twice.
CREATE UNIQUE INDEX merge_requests_one_open ON merge_requests_requests (project_id, source_branch, target_branch) WHERE state IN (1, 2);

CREATE TABLE merge_requests_numbers (
    project_id INTEGER PRIMARY KEY,
    last_iid INTEGER NOT NULL
) STRICT;

CREATE TABLE merge_requests_versions (
    id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES merge_requests_requests (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    base_sha TEXT NOT NULL,
    start_sha TEXT NOT NULL,
    head_sha TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (request_id, number)
) STRICT;

CREATE INDEX merge_requests_versions_by_head ON merge_requests_versions (head_sha);

-- The candidate that goes to production when the request is merged.
CREATE TABLE merge_requests_choices (
    request_id INTEGER PRIMARY KEY REFERENCES merge_requests_requests (id) ON DELETE CASCADE,
    candidate_id INTEGER NOT NULL,
    candidate_iid INTEGER NOT NULL,
    head_sha TEXT NOT NULL,
    model_name TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    chosen_us INTEGER NOT NULL
) STRICT;

-- A merge that has begun: what the target branch is about to be moved from and to.
CREATE TABLE merge_requests_intents (
    request_id INTEGER PRIMARY KEY REFERENCES merge_requests_requests (id) ON DELETE CASCADE,
    old_sha TEXT NOT NULL,
    new_sha TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    started_us INTEGER NOT NULL
) STRICT;

CREATE TABLE merge_requests_events (
    id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES merge_requests_requests (id) ON DELETE CASCADE,
    kind INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    detail TEXT NOT NULL
) STRICT;

CREATE INDEX merge_requests_events_by_request ON merge_requests_events (request_id, id);
