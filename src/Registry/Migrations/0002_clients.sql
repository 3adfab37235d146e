-- What clients say about models and versions. kind: 0 a model, 1 a prompt; it never changes.
ALTER TABLE registry_models ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;

-- source, location, run_link, candidate_uid and checkpoint_uid are texts to show and to give back: files are found by
-- registry_files alone. stage: 0 none, 1 staging, 2 production, 3 archived; a word that moves nothing.
ALTER TABLE registry_versions ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN location TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN run_link TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN candidate_uid TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN checkpoint_uid TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_versions ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_versions ADD COLUMN updated_us INTEGER NOT NULL DEFAULT 0;
-- A deleted version stays for the history of what was in production.
ALTER TABLE registry_versions ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
UPDATE registry_versions SET updated_us = created_us;

CREATE INDEX registry_versions_candidate_uid ON registry_versions (candidate_uid);
CREATE INDEX registry_aliases_version ON registry_aliases (version_id);

CREATE TABLE registry_model_tags (
    model_id INTEGER NOT NULL REFERENCES registry_models (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (model_id, name)
) STRICT;

CREATE TABLE registry_version_tags (
    version_id INTEGER NOT NULL REFERENCES registry_versions (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (version_id, name)
) STRICT;
