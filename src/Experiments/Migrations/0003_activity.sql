-- When a candidate last logged something, by the server's clock, within ten minutes; 0: not since this column exists.
ALTER TABLE experiments_candidates ADD COLUMN active_us INTEGER NOT NULL DEFAULT 0;
CREATE INDEX experiments_candidates_open ON experiments_candidates (status, job_id) WHERE status <= 2;
