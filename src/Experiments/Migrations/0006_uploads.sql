-- Files that are sent in parts. The parts lie in a folder of their own until the file is put together; key_hash is the SHA-256 of
-- what the addresses of the parts carry.
CREATE TABLE experiments_uploads (
    id TEXT NOT NULL PRIMARY KEY,
    project_id INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    parts INTEGER NOT NULL,
    created_us INTEGER NOT NULL
) STRICT;
CREATE INDEX experiments_uploads_created ON experiments_uploads (created_us);

-- The pipeline whose job created an experiment, from the job's token; null for people's.
ALTER TABLE experiments_experiments ADD COLUMN pipeline_id INTEGER;
