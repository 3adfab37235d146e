CREATE TABLE registry_models (
    id INTEGER NOT NULL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    last_number INTEGER NOT NULL DEFAULT 0,
    created_us INTEGER NOT NULL,
    updated_us INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

-- Versions are immutable; last_number of the model never goes back, so that a number names one thing forever.
CREATE TABLE registry_versions (
    id INTEGER NOT NULL PRIMARY KEY,
    model_id INTEGER NOT NULL REFERENCES registry_models (id),
    number INTEGER NOT NULL,
    label TEXT NOT NULL,
    candidate_id INTEGER NULL,
    candidate_iid INTEGER NULL,
    sha TEXT NULL,
    merge_request_iid INTEGER NULL,
    person_id INTEGER NOT NULL,
    model_path TEXT NULL,
    created_us INTEGER NOT NULL,
    UNIQUE (model_id, number),
    UNIQUE (model_id, label)
) STRICT;

CREATE INDEX registry_versions_candidate ON registry_versions (model_id, candidate_id);

-- The version's own list of files: what happens to the candidate's later changes nothing here.
CREATE TABLE registry_files (
    version_id INTEGER NOT NULL REFERENCES registry_versions (id),
    path TEXT NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (version_id, path)
) STRICT;

CREATE TABLE registry_aliases (
    model_id INTEGER NOT NULL REFERENCES registry_models (id),
    alias TEXT NOT NULL,
    version_id INTEGER NOT NULL REFERENCES registry_versions (id),
    PRIMARY KEY (model_id, alias)
) STRICT;

-- Who moved which alias when, and because of what: the production history.
CREATE TABLE registry_history (
    id INTEGER NOT NULL PRIMARY KEY,
    model_id INTEGER NOT NULL REFERENCES registry_models (id),
    alias TEXT NOT NULL,
    version_id INTEGER NOT NULL REFERENCES registry_versions (id),
    person_id INTEGER NOT NULL,
    merge_request_iid INTEGER NULL,
    moved_us INTEGER NOT NULL
) STRICT;

CREATE INDEX registry_history_model ON registry_history (model_id, alias, id);
