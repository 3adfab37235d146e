-- The best of an experiment by a metric is read off an index, however many candidates there are.
ALTER TABLE experiments_latest ADD COLUMN experiment_id INTEGER NOT NULL DEFAULT 0;
UPDATE experiments_latest SET experiment_id = (SELECT c.experiment_id FROM experiments_candidates c WHERE c.id = experiments_latest.candidate_id);
CREATE INDEX experiments_latest_by_value ON experiments_latest (experiment_id, key_id, is_nan, value);
