-- What was measured of a checkpoint: by which candidate, on which data ('' where it was not said). Rows are added, never changed.
-- NaN is stored as 0 with its flag.
CREATE TABLE experiments_checkpoint_metrics (
    checkpoint_id INTEGER NOT NULL REFERENCES experiments_checkpoints (id),
    name TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    step INTEGER NOT NULL,
    candidate_uid TEXT NOT NULL,
    dataset_name TEXT NOT NULL,
    dataset_digest TEXT NOT NULL,
    value REAL NOT NULL,
    is_nan INTEGER NOT NULL,
    PRIMARY KEY (checkpoint_id, name, at_ms, step, candidate_uid, dataset_name, dataset_digest, value, is_nan)
) STRICT, WITHOUT ROWID;
CREATE INDEX experiments_checkpoint_metrics_time ON experiments_checkpoint_metrics (checkpoint_id, at_ms, step);
