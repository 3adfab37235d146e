-- Points as they arrive, in one place that only grows at its end: a hundred series written at once dirty one page, not a hundred.
-- id is given by the writer, in order; the compactor moves the oldest rows into blocks.
CREATE TABLE experiments_tail (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    step INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    value REAL NOT NULL,
    is_nan INTEGER NOT NULL
) STRICT;

-- Points of one series, packed. Blocks of a series may overlap when points came late; each is in order and holds no point twice.
CREATE TABLE experiments_blocks (
    candidate_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL,
    from_step INTEGER NOT NULL,
    to_step INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    to_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (candidate_id, key_id, seq)
) STRICT, WITHOUT ROWID;

-- Whether a metric was logged at more than one moment, so that a line can be drawn of it.
ALTER TABLE experiments_latest ADD COLUMN is_curve INTEGER NOT NULL DEFAULT 0;
UPDATE experiments_latest SET is_curve = 1 WHERE EXISTS (
    SELECT 1 FROM experiments_points p
    WHERE p.candidate_id = experiments_latest.candidate_id AND p.key_id = experiments_latest.key_id
      AND (p.step <> experiments_latest.step OR p.at_ms <> experiments_latest.at_ms));

INSERT INTO experiments_tail (candidate_id, key_id, step, at_ms, value, is_nan)
SELECT candidate_id, key_id, step, at_ms, value, is_nan FROM experiments_points ORDER BY candidate_id, key_id, step, at_ms, value;
DROP TABLE experiments_points;
